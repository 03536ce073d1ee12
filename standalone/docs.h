/*
 * What egshark-docs makes of the option table.
 */
#ifndef DOCS_H
#define DOCS_H

#include "egress.h"

void docs_write_man(struct eg_sink *sink);
void docs_write_bash(struct eg_sink *sink);
void docs_write_zsh(struct eg_sink *sink);

#endif
