/*
 * MaxMind's format (https://maxmind.github.io/MaxMind-DB/), as many publish who holds an address.
 */
#include "names/places_source.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <maxminddb.h>

static void close_mmdb(void *handle)
{
    MMDB_close(handle);
    free(handle);
}

/* Copies a text member as far as it has room, whole characters of UTF-8 only. */
static void copy_member(char *to, size_t size, const MMDB_entry_data_s *data)
{
    size_t length = data->data_size;
    if (length >= size) {
        length = size - 1;
        while (length && ((unsigned char)data->utf8_string[length] & 0xc0) == 0x80)
            length--;
    }
    memcpy(to, data->utf8_string, length);
    to[length] = '\0';
}

static bool get(MMDB_entry_s *entry, const char *const *path, MMDB_entry_data_s *data)
{
    return MMDB_aget_value(entry, data, path) == MMDB_SUCCESS && data->has_data;
}

static void get_text(MMDB_entry_s *entry, const char *const *path, char *to, size_t size)
{
    MMDB_entry_data_s data;
    if (!to[0] && get(entry, path, &data) && data.type == MMDB_DATA_TYPE_UTF8_STRING)
        copy_member(to, size, &data);
}

/* A number, or "AS8075". */
static uint32_t get_asn(MMDB_entry_s *entry, const char *const *path)
{
    MMDB_entry_data_s data;
    char text[16] = "";
    if (!get(entry, path, &data))
        return 0;
    if (data.type == MMDB_DATA_TYPE_UINT32)
        return data.uint32;
    if (data.type == MMDB_DATA_TYPE_UINT16)
        return data.uint16;
    if (data.type == MMDB_DATA_TYPE_UTF8_STRING)
        copy_member(text, sizeof text, &data);
    const char *digits = strncmp(text, "AS", 2) == 0 ? text + 2 : text;
    return (uint32_t)strtoul(digits, NULL, 10);
}

/* The members of GeoLite2, GeoIP2 and DB-IP, then of IPinfo. */
static void read_entry(MMDB_entry_s *entry, struct eg_place_found *found)
{
    static const char *const numbers[][2] = {{"autonomous_system_number"}, {"asn"}};
    static const char *const orgs[][2] = {
        {"autonomous_system_organization"}, {"as_name"}, {"name"}};
    static const char *const countries[][3] = {
        {"country", "iso_code"}, {"registered_country", "iso_code"}, {"country_code"}, {"country"}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && found->asn == 0; i++)
        found->asn = get_asn(entry, numbers[i]);
    for (size_t i = 0; i < sizeof orgs / sizeof orgs[0]; i++)
        get_text(entry, orgs[i], found->org, sizeof found->org);
    for (size_t i = 0; i < sizeof countries / sizeof countries[0]; i++)
        get_text(entry, countries[i], found->country, sizeof found->country);
}

/* Either family's socket address, without laying one over the other. */
static MMDB_lookup_result_s look_up(const MMDB_s *mmdb, const struct eg_address *address,
                                    int *error)
{
    struct sockaddr_storage room = {0};
    if (address->family == EG_IPV4) {
        struct sockaddr_in v4 = {.sin_family = AF_INET};
        memcpy(&v4.sin_addr, address->bytes, 4);
        memcpy(&room, &v4, sizeof v4);
    } else {
        struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
        memcpy(&v6.sin6_addr, address->bytes, 16);
        memcpy(&room, &v6, sizeof v6);
    }
    return MMDB_lookup_sockaddr(mmdb, (const struct sockaddr *)&room, error);
}

static void find_mmdb(void *handle, const struct eg_address *address, struct eg_place_found *found)
{
    const MMDB_s *mmdb = handle;
    int error = MMDB_SUCCESS;
    if (address->family == EG_IPV6 && mmdb->metadata.ip_version == 4)
        return;
    MMDB_lookup_result_s result = look_up(mmdb, address, &error);
    if (error == MMDB_SUCCESS && result.found_entry)
        read_entry(&result.entry, found);
}

enum eg_status eg_places_open_mmdb(const char *path, struct eg_places_source *source,
                                   struct eg_error *error)
{
    MMDB_s *mmdb = calloc(1, sizeof *mmdb);
    if (!mmdb)
        return eg_fail_no_memory(error);
    const int result = MMDB_open(path, MMDB_MODE_MMAP, mmdb);
    if (result != MMDB_SUCCESS) {
        free(mmdb);
        return eg_fail_at(
            error, result == MMDB_FILE_OPEN_ERROR ? EG_ERR_IO : EG_ERR_SYNTAX, path, 0, 0, "%s",
            result == MMDB_FILE_OPEN_ERROR ? "cannot be opened"
                                           : "is no database of libloc or of MaxMind's format");
    }
    *source = (struct eg_places_source){
        .handle = mmdb,
        .find = find_mmdb,
        .close = close_mmdb,
        .made = (int64_t)mmdb->metadata.build_epoch,
    };
    snprintf(source->kind, sizeof source->kind, "%s", mmdb->metadata.database_type);
    return EG_OK;
}
