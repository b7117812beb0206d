/* How far a word of a rule is from each beginning of a word of a text, by their sounds: `rules.languages.similarity` says what
 * it means. Numbers are doubles, added up in one order, so that they are the same everywhere.
 *
 * Sounds are letters: a-z, and N.
 */
#include "kernel.h"

#define SOUNDS 27u
enum { WHOLE = 1, STEM = 2 };

/* What differences cost: a vowel that only the word of the text has, and one that it does not have; an r and a nasal that it leaves
 * out; and the distance that is too great.
 */
typedef struct {
    f64 added_vowel, missing_vowel, missing_r, missing_nasal, most;
} Given;

static inline u32 place_of(u8 sound) { return sound == 'N' ? SOUNDS - 1 : (u32)sound - 'a'; }

static inline int is_one_of(u8 sound, const char *some) {
    while (*some && (u8)*some != sound) some++;
    return *some != 0;
}

static inline int is_vowel(u8 sound) { return is_one_of(sound, "aeiou"); }
static inline int is_behind_a_nasal(u8 before, u8 sound) { return is_one_of(before, "nN") && is_one_of(sound, "gk"); }

/* What a sound costs that only the heard word has, between its neighbours; 0 is none. */
static f64 added(const Given *given, u8 before, u8 sound, u8 after, u32 is_abjad) {
    if (is_vowel(sound)) return given->added_vowel;
    if (sound == 'v' && is_abjad && !is_vowel(before) && !is_vowel(after)) return 0.3; /* a vowel in Hebrew */
    if (sound == 'h') return 0.35;
    return is_behind_a_nasal(before, sound) ? 0.2 : 1.0;
}

/* What a sound costs that the heard word does not have. */
static f64 missing(const Given *given, u8 before, u8 sound, u8 after) {
    if (is_vowel(sound)) return given->missing_vowel;
    if (sound == 'h') return 0.35;
    if (sound == 'r') return given->missing_r;
    if (is_one_of(sound, "nm") && is_one_of(after, "bdgpt")) return given->missing_nasal;
    if (sound == 'k' && after == 't') return 0.4; /* which Italian and Portuguese leave out: elettronica */
    return is_behind_a_nasal(before, sound) ? 0.4 : 1.0;
}

/* Where so many sounds in all need so many bytes: what is given, both words, and three rows. */
EXPORT u32 room_of(u32 own_length, u32 length) {
    return ((u32)sizeof(Given) + own_length + length + 15 & ~7u) + (length + 1) * 3 * (u32)sizeof(f64);
}

/* Align a word of a rule, of which so many sounds are the stem (0: none), with a word that is heard; `costs` has what one sound
 * for another costs, 27 rows. At `at` lies what is given, then the sounds of both. Returns where the distances lie of the whole word,
 * and behind them those of the stem, times 4; and as bits which of them there are.
 */
EXPORT u32 align(u32 at, u32 costs_at, u32 own_length, u32 length, u32 stem, u32 is_abjad) {
    const Given *given = (const Given *)at;
    const u8 *own = (const u8 *)(given + 1), *heard = own + own_length;
    const f64 *costs = (const f64 *)costs_at;
    f64 *row = (f64 *)((u32)(heard + length) + 7 & ~7u), *of_stem = row + length + 1, *inserts = of_stem + length + 1;
    u32 found = WHOLE;
    row[0] = 0.0;
    for (u32 n = 0; n < length; n++) {
        inserts[n] = added(given, n ? heard[n - 1] : 0, heard[n], n + 1 < length ? heard[n + 1] : 0, is_abjad);
        row[n + 1] = row[n] + inserts[n];
    }
    for (u32 place = 0; place < own_length; place++) {
        f64 drop = missing(given, place ? own[place - 1] : 0, own[place], place + 1 < own_length ? own[place + 1] : 0);
        const f64 *swaps = costs + place_of(own[place]) * SOUNDS;
        f64 diagonal = row[0], left = diagonal + drop, least = left;
        row[0] = left;
        for (u32 n = 0; n < length; n++) {
            f64 above = row[n + 1], cost = diagonal + swaps[place_of(heard[n])];
            if (above + drop < cost) cost = above + drop;
            if (left + inserts[n] < cost) cost = left + inserts[n];
            row[n + 1] = left = cost, diagonal = above;
            if (cost < least) least = cost;
        }
        if (place + 1 == stem) copy(of_stem, row, (length + 1) * sizeof(f64)), found |= STEM;
        if (least > given->most) {
            found &= ~(u32)WHOLE;
            break;
        }
    }
    return (u32)row << 2 | found;
}
