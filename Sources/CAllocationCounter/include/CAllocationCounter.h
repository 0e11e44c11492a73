#pragma once

/// How often the calling thread has asked for memory since it began.
unsigned long kpipe_malloc_count(void);
