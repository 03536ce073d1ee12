/*
 * --help and --version, and the usage line.
 */
#ifndef HELP_H
#define HELP_H

#include "egress.h"

#define HELP_USAGE "egshark [options] capture..."

void help_write(struct eg_sink *sink);

/* `library` names the version of the library that reads captures: "libwiretap 4.0.17". */
void help_write_version(const struct eg_rules *rules, const char *library, struct eg_sink *sink);

#endif
