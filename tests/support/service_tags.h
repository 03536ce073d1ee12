/*
 * Azure's service tags, as Microsoft publishes them.
 */
#ifndef EG_SERVICE_TAGS_H
#define EG_SERVICE_TAGS_H

#include <string>
#include <vector>

namespace eg_test
{

struct Tag {
    std::string name;
    std::string region;
    std::vector<std::string> prefixes;
};

inline std::string azure(const std::vector<Tag> &tags)
{
    std::string values;
    for (const Tag &tag : tags) {
        std::string prefixes;
        for (const std::string &prefix : tag.prefixes)
            prefixes += (prefixes.empty() ? "\"" : ",\"") + prefix + "\"";
        values += (values.empty() ? "" : ",") + ("{\"name\":\"" + tag.name) +
                  "\",\"properties\":{\"region\":\"" + tag.region + "\",\"addressPrefixes\":[" +
                  prefixes + "]}}";
    }
    return "{\"cloud\":\"Public\",\"values\":[" + values + "]}";
}

} // namespace eg_test

#endif
