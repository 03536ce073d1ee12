/*
 * The commands of egshark-facts. Each writes to standard output, tells a mistake on standard error,
 * and returns the program's exit status.
 */
#ifndef EG_FACTS_H
#define EG_FACTS_H

/* The text of the file at `path` as the C constants eg_builtin_NAME and eg_builtin_NAME_length. */
int facts_embed(const char *name, const char *path);

#endif
