// Tells valgrind's callgrind which instructions to count. Outside valgrind each of these is a few
// instructions that do nothing.
#pragma once

#if defined(__has_include) && __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
// A build without valgrind's header cannot be counted, and need not be.
#define CALLGRIND_ZERO_STATS
#define CALLGRIND_TOGGLE_COLLECT
#define CALLGRIND_DUMP_STATS_AT(name) (void)(name)
#endif

/// Forgets what was counted.
static inline void counter_reset(void) { CALLGRIND_ZERO_STATS; }

/// Begins to count, or ends.
static inline void counter_toggle(void) { CALLGRIND_TOGGLE_COLLECT; }

/// Writes out what was counted since the last reset, under a name.
static inline void counter_report(const char *name) { CALLGRIND_DUMP_STATS_AT(name); }
