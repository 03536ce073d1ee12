#include "report_file.h"

#include "message.h"

struct target_file *report_file_open(const char *path, const char *const inputs[],
                                     size_t input_count)
{
    struct target_file *file = NULL;
    struct eg_error error;
    if (target_file_open(path, inputs, input_count, &file, &error) == EG_OK)
        return file;
    message_write("'%s': %s", path, error.message);
    return NULL;
}

bool report_file_write(struct target_file *file, const char *path, const struct eg_report *report)
{
    struct eg_error error;
    const struct eg_style style = {.format = EG_FORMAT_HTML,
                                   .top = eg_report_top(report, EG_FORMAT_HTML)};
    /* A file that could not be written says so itself. */
    enum eg_status status = eg_report_write(report, &style, target_file_sink(file));
    if (status == EG_ERR_NO_MEMORY)
        eg_fail_no_memory(&error);
    else
        status = target_file_keep(file, &error);
    if (status != EG_OK)
        message_write("'%s': %s", path, error.message);
    return status == EG_OK;
}
