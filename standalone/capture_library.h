/*
 * Libwiretap, as the readers of captures share it.
 */
#ifndef CAPTURE_LIBRARY_H
#define CAPTURE_LIBRARY_H

/* Once, before and after everything else. */
void capture_library_start(const char *program);
void capture_library_stop(void);

/* "libwiretap 4.0.17": what it was built with. */
const char *capture_library_version(void);

/*
 * Held while a thread has captures open that libwiretap reads, as often as it has: the filter opens
 * two at a time.
 */
void capture_library_lock(void);
void capture_library_unlock(void);

#endif
