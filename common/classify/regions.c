#include "classify/regions.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "data/builtin.h"

enum { NAME_MAX = 64, SUGGESTIONS = 3 };

bool eg_region_name_equal(const char *a, const char *b)
{
    return eg_text_compare(a, b) == 0;
}

const struct eg_region *eg_region_find(const char *provider, const char *name)
{
    size_t low = 0;
    size_t high = name[0] == '\0' ? 0 : eg_builtin_regions_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct eg_region *region = &eg_builtin_regions[middle];
        int order = strcmp(provider, region->provider);
        if (order == 0)
            order = eg_text_compare(name, region->name);
        if (order == 0)
            return region;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool eg_regions_of(const char *provider)
{
    for (size_t i = 0; i < eg_builtin_regions_count; i++)
        if (strcmp(eg_builtin_regions[i].provider, provider) == 0)
            return true;
    return false;
}

size_t eg_regions(void)
{
    return eg_builtin_regions_count;
}

const struct eg_region *eg_region_at(size_t number)
{
    return &eg_builtin_regions[number];
}

/* Letters and digits in lower case, so that "East US" is eastus. Returns the length. */
static size_t plain(const char *name, char buffer[NAME_MAX])
{
    size_t length = 0;
    for (; *name != '\0' && length < NAME_MAX - 1; name++) {
        const char c = eg_lower(*name);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            buffer[length++] = c;
    }
    buffer[length] = '\0';
    return length;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Letters to change, add, drop or swap with a neighbour to make b of a. */
static unsigned edit_distance(const char *a, const char *b)
{
    unsigned rows[3][NAME_MAX]; /* of the matrix: this one and the two before it */
    const size_t width = strlen(b);
    for (size_t j = 0; j <= width; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        unsigned *row = rows[i % 3];
        const unsigned *above = rows[(i + 2) % 3];
        const unsigned *two_above = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= width; j++) {
            row[j] = above[j - 1] + (a[i - 1] != b[j - 1]);
            row[j] = least(row[j], least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[strlen(a) % 3][width];
}

/* How far a mistaken name is from a region's; above `limit`: not near. */
static unsigned distance_to(const struct eg_region *region, const char *mistaken, unsigned limit)
{
    char name[NAME_MAX];
    char display[NAME_MAX];
    plain(region->name, name);
    plain(region->display, display);
    const unsigned distance =
        least(edit_distance(mistaken, name), edit_distance(mistaken, display));
    const bool is_part = strlen(mistaken) >= 4 && strstr(display, mistaken) != NULL;
    return is_part ? least(distance, limit) : distance;
}

struct suggestion {
    const struct eg_region *region;
    unsigned distance;
};

/* Keeps the nearest ones, in order; of equal ones those that came first. */
static void suggest(struct suggestion nearest[SUGGESTIONS], struct suggestion candidate)
{
    for (size_t i = 0; i < SUGGESTIONS; i++) {
        if (nearest[i].region != NULL && nearest[i].distance <= candidate.distance)
            continue;
        const struct suggestion displaced = nearest[i];
        nearest[i] = candidate;
        candidate = displaced;
        if (candidate.region == NULL)
            break;
    }
}

const char *eg_region_suggest(const char *provider, const char *name, char *buffer, size_t size)
{
    char mistaken[NAME_MAX];
    const size_t length = plain(name, mistaken);
    const unsigned limit = length < 6 ? 1 : (unsigned)(length / 3);
    struct suggestion nearest[SUGGESTIONS] = {{NULL, 0}};
    for (size_t i = 0; length > 0 && i < eg_builtin_regions_count; i++) {
        const struct eg_region *region = &eg_builtin_regions[i];
        if (strcmp(region->provider, provider) != 0)
            continue;
        const unsigned distance = distance_to(region, mistaken, limit);
        if (distance <= limit)
            suggest(nearest, (struct suggestion){region, distance});
    }
    buffer[0] = '\0';
    for (size_t i = 0; i < SUGGESTIONS && nearest[i].region != NULL; i++)
        eg_text_append(buffer, size, "%s%s", i == 0 ? "" : ", ", nearest[i].region->name);
    return buffer;
}
