/*
 * libloc (https://location.ipfire.org): who announces a network, and the country it is assigned to.
 */
#include "names/places_source.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <libloc/as.h>
#include <libloc/database.h>
#include <libloc/libloc.h>
#include <libloc/network.h>

#include "base/cursor.h"

/* The functions that are used, with the types of libloc's own headers. */
struct library {
    void *handle;
    __typeof__(&loc_new) new_context;
    __typeof__(&loc_unref) unref;
    __typeof__(&loc_set_log_fn) set_log;
    __typeof__(&loc_database_new) open;
    __typeof__(&loc_database_unref) close;
    __typeof__(&loc_database_created_at) created_at;
    __typeof__(&loc_database_lookup) lookup;
    __typeof__(&loc_database_get_as) get_as;
    __typeof__(&loc_network_unref) network_unref;
    __typeof__(&loc_network_get_asn) network_asn;
    __typeof__(&loc_network_get_country_code) network_country;
    __typeof__(&loc_as_unref) as_unref;
    __typeof__(&loc_as_get_name) as_name;
};

struct loc {
    struct library library;
    struct loc_ctx *context;
    struct loc_database *database;
    FILE *file;
};

/* A function pointer cannot be cast from an object pointer in C; POSIX has it copied. */
static bool resolve(void *handle, const char *name, void *function)
{
    void *const symbol = dlsym(handle, name);
    memcpy(function, &symbol, sizeof symbol);
    return symbol != NULL;
}

static bool load(struct library *library)
{
    library->handle = dlopen("libloc.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library->handle)
        return false;
    const struct {
        const char *name;
        void *function;
    } wanted[] = {
        {"loc_new", &library->new_context},
        {"loc_unref", &library->unref},
        {"loc_set_log_fn", &library->set_log},
        {"loc_database_new", &library->open},
        {"loc_database_unref", &library->close},
        {"loc_database_created_at", &library->created_at},
        {"loc_database_lookup", &library->lookup},
        {"loc_database_get_as", &library->get_as},
        {"loc_network_unref", &library->network_unref},
        {"loc_network_get_asn", &library->network_asn},
        {"loc_network_get_country_code", &library->network_country},
        {"loc_as_unref", &library->as_unref},
        {"loc_as_get_name", &library->as_name},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (!resolve(library->handle, wanted[i].name, wanted[i].function))
            return false;
    return true;
}

static void close_loc(void *handle)
{
    struct loc *loc = handle;
    if (loc->database)
        loc->library.close(loc->database);
    if (loc->context)
        loc->library.unref(loc->context);
    if (loc->file)
        fclose(loc->file);
    if (loc->library.handle)
        dlclose(loc->library.handle);
    free(loc);
}

static void copy_text(char *to, size_t size, const char *from)
{
    if (from)
        snprintf(to, size, "%s", from);
}

static void find_org(struct loc *loc, struct eg_place_found *found)
{
    struct loc_as *as = NULL;
    if (found->asn == 0 || loc->library.get_as(loc->database, &as, found->asn) != 0 || !as)
        return;
    copy_text(found->org, sizeof found->org, loc->library.as_name(as));
    loc->library.as_unref(as);
}

static void find_loc(void *handle, const struct eg_address *address, struct eg_place_found *found)
{
    struct loc *loc = handle;
    struct loc_network *network = NULL;
    struct in6_addr key;
    eg_place_key(address, key.s6_addr);
    if (loc->library.lookup(loc->database, &key, &network) != 0 || !network)
        return;
    found->asn = loc->library.network_asn(network);
    copy_text(found->country, sizeof found->country, loc->library.network_country(network));
    loc->library.network_unref(network);
    find_org(loc, found);
}

/* libloc writes to standard error what it does not like of a database. */
static void say_nothing(struct loc_ctx *context, int priority, const char *file, int line,
                        const char *function, const char *format, va_list arguments)
{
    (void)context, (void)priority, (void)file, (void)line, (void)function;
    (void)format, (void)arguments;
}

bool eg_places_is_loc(const char *path)
{
    static const char magic[] = {'L', 'O', 'C', 'D', 'B', 'X', 'X'};
    char bytes[sizeof magic];
    FILE *file = fopen(path, "rbe");
    const bool read = file && fread(bytes, sizeof bytes, 1, file) == 1;
    if (file)
        fclose(file);
    return read && memcmp(bytes, magic, sizeof magic) == 0;
}

/*
 * libloc opens a file that is cut, and then reads behind its end. The header, in network byte order
 * behind 7 bytes of magic and a version: when it was made (8 bytes), vendor, description and
 * license (4 each), then where each of five parts begins and how long it is (4 + 4).
 */
static bool is_whole(FILE *file)
{
    enum { PARTS_AT = 28, PARTS = 5, HEADER = PARTS_AT + PARTS * 8 };
    uint8_t header[HEADER];
    uint32_t offset = 0, length = 0;
    struct stat facts;
    if (fread(header, sizeof header, 1, file) != 1 || fstat(fileno(file), &facts) != 0)
        return false;
    struct eg_cursor parts = eg_cursor_over(header + PARTS_AT, HEADER - PARTS_AT);
    while (eg_cursor_u32(&parts, &offset) && eg_cursor_u32(&parts, &length))
        if ((uint64_t)offset + length > (uint64_t)facts.st_size)
            return false;
    rewind(file);
    return true;
}

static enum eg_status open_database(struct loc *loc, const char *path, struct eg_error *error)
{
    if (!load(&loc->library))
        return eg_fail_at(error, EG_ERR_IO, path, 0, 0,
                          "is a database of libloc, whose library is missing: install libloc1");
    if (loc->library.new_context(&loc->context) != 0)
        return eg_fail_no_memory(error);
    loc->library.set_log(loc->context, say_nothing);
    loc->file = fopen(path, "rbe");
    if (!loc->file || !is_whole(loc->file) ||
        loc->library.open(loc->context, &loc->database, loc->file) != 0)
        return eg_fail_at(error, EG_ERR_SYNTAX, path, 0, 0,
                          "is a database of libloc that it cannot read");
    return EG_OK;
}

enum eg_status eg_places_open_loc(const char *path, struct eg_places_source *source,
                                  struct eg_error *error)
{
    struct loc *loc = calloc(1, sizeof *loc);
    if (!loc)
        return eg_fail_no_memory(error);
    const enum eg_status status = open_database(loc, path, error);
    if (status != EG_OK) {
        close_loc(loc);
        return status;
    }
    *source = (struct eg_places_source){
        .handle = loc,
        .find = find_loc,
        .close = close_loc,
        .made = (int64_t)loc->library.created_at(loc->database),
        .kind = "libloc",
    };
    return EG_OK;
}
