/* The native part of the index of rules: words of articles by their letters, and by their sounds. */
#include "forms.h"
#include "beside.h"
