#include <stddef.h>
#include "CAllocationCounter.h"
extern void *__libc_malloc(size_t); extern void *__libc_calloc(size_t,size_t); extern void *__libc_realloc(void*,size_t);
static unsigned long n;
void *malloc(size_t s){ n++; return __libc_malloc(s);} 
void *calloc(size_t a,size_t b){ n++; return __libc_calloc(a,b);} 
void *realloc(void*p,size_t b){ n++; return __libc_realloc(p,b);} 
unsigned long kpipe_malloc_count(void){return n;}
