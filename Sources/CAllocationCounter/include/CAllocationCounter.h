#pragma once
unsigned long kpipe_malloc_count(void);
