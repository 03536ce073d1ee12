/*
 * The Host of an HTTP/1 request: RFC 9112, 3.2. A request to a proxy ("GET http://...", CONNECT)
 * names another host than the one the packet goes to, and is passed over.
 */
#include "names/name_readers.h"

#include "base/address.h"
#include "base/text.h"

enum { REQUEST_MAX = 8192 };

/* The line in front, without its end; false when the end was not captured. */
static bool take_line(struct eg_cursor *c, struct eg_cursor *line)
{
    const size_t left = eg_cursor_left(c);
    const uint8_t *end = left ? memchr(c->at, '\n', left) : NULL;
    if (!end)
        return false;
    size_t length = (size_t)(end - c->at);
    if (length && end[-1] == '\r')
        length--;
    *line = eg_cursor_over(c->at, length);
    c->at = end + 1;
    return true;
}

static bool skip_text(struct eg_cursor *c, const char *text)
{
    const size_t length = strlen(text);
    return eg_cursor_left(c) >= length && memcmp(c->at, text, length) == 0 &&
           eg_cursor_skip(c, length);
}

static const char *const starts[] = {"GET /",    "POST /",  "PUT /",    "HEAD /",
                                     "DELETE /", "PATCH /", "OPTIONS /"};

static bool skip_start(struct eg_cursor *line)
{
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (skip_text(line, starts[i]))
            return true;
    return false;
}

/*
 * Whether bytes that may end within it can begin a request. What cannot is not waited for: a
 * ClientHello may follow, as behind the 8 bytes in which a client of PostgreSQL asks for TLS.
 */
static bool may_start(const struct eg_cursor *request)
{
    const size_t left = eg_cursor_left(request);
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        const size_t length = strlen(starts[i]);
        if (left == 0 || memcmp(request->at, starts[i], left < length ? left : length) == 0)
            return true;
    }
    return false;
}

static bool is_origin_request(struct eg_cursor line)
{
    static const char version[] = " HTTP/1.";
    const size_t tail = sizeof version; /* and one digit */
    return skip_start(&line) && eg_cursor_left(&line) >= tail &&
           memcmp(line.end - tail, version, tail - 1) == 0;
}

static bool is_host_field(struct eg_cursor *line)
{
    static const char name[] = "host:";
    for (size_t i = 0; i < sizeof name - 1; i++) {
        uint8_t byte = 0;
        if (!eg_cursor_u8(line, &byte) || eg_lower((char)byte) != name[i])
            return false;
    }
    return true;
}

static void trim(struct eg_cursor *c)
{
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\t'))
        c->at++;
    while (c->at < c->end && (c->end[-1] == ' ' || c->end[-1] == '\t'))
        c->end--;
}

static void drop_port(struct eg_cursor *c)
{
    const uint8_t *end = c->end;
    while (end > c->at && end[-1] >= '0' && end[-1] <= '9')
        end--;
    if (end > c->at && end[-1] == ':')
        c->end = end - 1;
}

/* "192.0.2.1", "[2001:db8::1]" */
static bool is_address(const struct eg_cursor *c)
{
    struct eg_address address;
    const size_t length = eg_cursor_left(c);
    return length == 0 || c->at[0] == '[' ||
           eg_address_parse((const char *)c->at, length, &address);
}

enum eg_found eg_http_host(struct eg_cursor request, struct eg_cursor *host)
{
    struct eg_cursor line;
    const bool to_the_end = eg_cursor_left(&request) >= REQUEST_MAX;
    eg_cursor_clip(&request, REQUEST_MAX);
    if (!may_start(&request))
        return EG_FOUND_NONE;
    if (take_line(&request, &line) && !is_origin_request(line))
        return EG_FOUND_NONE;
    while (take_line(&request, &line)) {
        if (eg_cursor_left(&line) == 0)
            return EG_FOUND_NONE;
        if (!is_host_field(&line))
            continue;
        trim(&line);
        drop_port(&line);
        *host = line;
        return is_address(&line) ? EG_FOUND_NONE : EG_FOUND;
    }
    return to_the_end ? EG_FOUND_NONE : EG_FOUND_MORE;
}
