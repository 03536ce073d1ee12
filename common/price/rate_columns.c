#include "price/rate_columns.h"

const char *const eg_rate_column_names[EG_RATE_COLUMNS] = {
    "class",        "scope",   "dest_scope", "routing",    "direction",
    "tier_from_gb", "price",   "per_gb",     "currency",   "?meter_id",
    "?meter",       "?source", "?as_of",     "?certainty", "?note",
};
