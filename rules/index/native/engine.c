/* The native part of the index of rules: articles cut into words; words of rules in them, by their letters and by their sounds;
 * what terms need of them; and which words of an archive may be words of rules.
 */
#include "vocabulary.h"
