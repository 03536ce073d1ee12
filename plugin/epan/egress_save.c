/*
 * Statistics > Egress Report and Filters > Save Report: the HTML report of the open capture, beside
 * it. The plugin interface has no file dialog.
 */
#include <wireshark.h>

#include <glib/gstdio.h>
#include <unistd.h>

#include <epan/packet.h>
#include <wsutil/filesystem.h>
#include <wsutil/report_message.h>

#include "egress_host.h"
#include "egress_state.h"
#include "packet-egress.h"

/* Where a capture without a place of its own has its report. */
static char *path_in_documents(const char *name)
{
    const char *documents = g_get_user_special_dir(G_USER_DIRECTORY_DOCUMENTS);
    return g_build_filename(documents ? documents : get_persdatafile_dir(), name, NULL);
}

/* A capture that was not saved is in the folder for temporary files. */
static gboolean is_temporary(const char *capture)
{
    char *folder = g_path_get_dirname(capture);
    const gboolean temporary = strcmp(folder, g_get_tmp_dir()) == 0;
    g_free(folder);
    return temporary;
}

static char *path_beside(const char *capture)
{
    char *folder = g_path_get_dirname(capture);
    char *base = g_path_get_basename(capture);
    char *name = g_strconcat(base, ".egress.html", NULL);
    char *path = !is_temporary(capture) && g_access(folder, W_OK) == 0
                     ? g_build_filename(folder, name, NULL)
                     : path_in_documents(name);
    g_free(folder);
    g_free(base);
    g_free(name);
    return path;
}

static char *path_for_report(void)
{
    const char *capture = egress_capture_path();
    return capture ? path_beside(capture) : path_in_documents("capture.egress.html");
}

/* The whole file, or none: GLib writes beside it and renames. */
static void save(const struct eg_report *report, const char *path)
{
    struct eg_string text = {NULL, 0, 0};
    struct eg_sink sink = eg_string_sink(&text);
    const struct eg_style style = {.format = EG_FORMAT_HTML,
                                   .top = eg_report_top(report, EG_FORMAT_HTML)};
    GError *error = NULL;
    if (eg_report_write(report, &style, &sink) != EG_OK)
        report_failure("Egress cost: out of memory");
    else if (!g_file_set_contents(path, text.text, (gssize)text.length, &error))
        report_failure("Egress cost: the report could not be saved: %s", error->message);
    else /* there is no kinder message for a plugin to give */
        report_warning("Egress cost: the report is saved as\n%s", path);
    g_clear_error(&error);
    eg_string_free(&text);
}

void egress_save_report(void)
{
    struct eg_report *report = egress_state_new_report(NULL, NULL);
    if (!report) {
        report_failure("Egress cost: there is no capture to report on");
        return;
    }
    char *path = path_for_report();
    save(report, path);
    g_free(path);
    eg_report_free(report);
}
