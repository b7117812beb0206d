/* Whether words stand near each other, in many texts at once: no for most that the index offers in vain.
 *
 * A text is folded letter by letter, as tables say, into words with a space for each sign between them. Letters are
 * looked for anywhere in words. A way says which letters must stand near which; ways make up a query. The answer no is
 * certain: whatever is doubtful (a word of several parts, a run, an abbreviation) counts as near.
 */
#include "kernel.h"

enum { RARE = 1, SIGN = 2, DOUBLE = 4, PLAIN = 8, WHITE = 16, BREAK = 32, ENDS = 64, LETTER = 21 };
enum { WAY, ANY, ALL };
enum { NO, MAYBE, TOO_RARE };
#define MOST_PLACES 60000u
#define MOST_TOGETHER 250u
#define MOST_STOP_WORDS 3u
#define MOST_OTHERS 1u
#define LONGEST_ABBREVIATION 5u
#define BUCKETS 8192u
#define MOST_SOUGHT 60000u
#define SMALL 16384u

static const u32 *of, *second;
static u32 known;

/* Tables of so many letters: what each folds to, 0 for nothing, and above LETTER bits what it is; and a second letter. */
EXPORT void learn(u32 of_at, u32 second_at, u32 count) {
    of = (const u32 *)of_at;
    second = (const u32 *)second_at;
    known = count;
}

/* Words that do not count, and those that may be such without their marks (fur and für), by the sums of their letters. */
static u64 small[SMALL], doubtful[SMALL];

static u64 sum_of(const u32 *letters, u32 count) {
    u64 sum = 14695981039346656037ull;
    for (u32 at = 0; at < count; at++) sum = (sum ^ letters[at]) * 1099511628211ull;
    return sum ? sum : 1;
}

static u64 *member_at(u64 *set, u64 sum) {
    u32 at = (u32)(sum ^ sum >> 32) & (SMALL - 1);
    while (set[at] && set[at] != sum) at = (at + 1) & (SMALL - 1);
    return set + at;
}

/* Take in words that do not count, or that may not, each behind its length. */
EXPORT void know_small(u32 given, u32 count, u32 are_doubtful) {
    const u32 *in = (const u32 *)given, *end = in + count;
    for (u32 number = 0; in < end; in += 1 + *in) {
        if (++number > SMALL / 2 || *in >= (u32)(end - in)) __builtin_trap();
        u64 sum = sum_of(in + 1, *in);
        *member_at(are_doubtful ? doubtful : small, sum) = sum;
    }
}

/* What is looked for: rows of a length and letters; those that begin alike are in one bucket. */
typedef struct {
    const u32 *letters;
    u32 length, next, places, last;
} Sought;

/* Where something stands in the folded letters, and the next place of the same. */
typedef struct {
    u32 at, next;
} Place;

/* From where to where a word goes in the folded letters. */
typedef struct {
    u32 from, to;
} Word;

static Sought *sought;
static u32 sought_count, has_single;
static u16 bucket[BUCKETS], single[BUCKETS];
static Place *places;
static u32 places_count, is_full;
static u32 *folded, folded_count;
static u8 *what; /* of each folded letter, and of what folds to nothing before it */

static u32 bucket_of(u32 one, u32 other) { return (one * 2654435761u + other * 2246822519u) >> 19; }

static u16 *bucket_for(const Sought *each) {
    return each->length > 1 ? bucket + bucket_of(each->letters[0], each->letters[1]) : single + bucket_of(each->letters[0], 0);
}

static void seek(const u32 *rows, u32 count) {
    sought = (Sought *)take((count + 2) * sizeof(Sought));
    sought_count = has_single = 0;
    for (const u32 *row = rows; row < rows + count; row += 1 + *row) {
        u32 number = ++sought_count; /* 0 is none */
        if (!*row || *row >= (u32)(rows + count - row) || number > MOST_SOUGHT) __builtin_trap();
        Sought *each = sought + number;
        *each = (Sought){.letters = row + 1, .length = *row, .next = *bucket_for(&(Sought){.letters = row + 1, .length = *row})};
        *bucket_for(each) = (u16)number;
        has_single |= *row == 1;
    }
}

static void seek_no_more(void) {
    for (u32 number = 1; number <= sought_count; number++) *bucket_for(sought + number) = 0;
}

/* Fold a text: a space for each sign between words. Returns whether a letter of it is known only to a closer look. */
static u32 fold(const u32 *code, u32 count, u32 as_is) {
    const u32 *const end = code + count, *const table = of, size = known;
    u32 *out = folded, before = 0, seen = 0;
    u8 *say = what;
    for (; code < end; code++) {
        u32 one = as_is ? *code | (*code == ' ' ? (SIGN | WHITE) << LETTER : 0u) : *code < size ? table[*code] : RARE << LETTER;
        u32 class = one >> LETTER;
        one &= (1u << LETTER) - 1;
        seen |= class;
        *out = one;
        *say = (u8)(before |= class);
        u32 is_kept = one != 0;
        out += is_kept, say += is_kept;
        before &= is_kept - 1;
        if (class & DOUBLE) *out++ = second[*code], *say++ = (u8)class;
    }
    folded_count = (u32)(out - folded);
    out[0] = out[1] = ' ', say[0] = say[1] = SIGN;
    return seen & RARE;
}

static u32 is_at(const Sought *each, const u32 *letters, u32 left) {
    if (each->length > left) return 0;
    for (u32 at = 0; at < each->length; at++)
        if (each->letters[at] != letters[at]) return 0;
    return 1;
}

static void note(u32 number, u32 at) {
    Sought *each = sought + number;
    if (places_count == MOST_PLACES) {
        is_full = 1;
        return;
    }
    places[places_count] = (Place){at, 0};
    if (each->places) places[each->last].next = places_count;
    else each->places = places_count;
    each->last = places_count++;
}

static void find_in(u32 number, u32 at) {
    for (; number; number = sought[number].next)
        if (is_at(sought + number, folded + at, folded_count - at)) note(number, at);
}

static void find(void) {
    const u32 *const letters = folded, count = folded_count, singles = has_single;
    for (u32 at = 0; at < count; at++) {
        u32 number = bucket[bucket_of(letters[at], letters[at + 1])];
        if (number) find_in(number, at);
        if (singles) find_in(single[bucket_of(letters[at], 0)], at);
    }
}

static Word word_at(u32 at) {
    Word word = {at, at};
    while (word.from && folded[word.from - 1] != ' ') word.from--;
    while (word.to < folded_count && folded[word.to] != ' ') word.to++;
    return word;
}

static u32 is_white(u32 at) { return what[at] & WHITE; }

/* A slot of a way, in the program: how far behind the one before it, whether no word stands between, how many more words,
 * how many letters, these. */
enum { REACH, NEXT, MORE, LETTERS, OF_SLOT };

static u32 has_some(const u32 *slot) {
    for (u32 n = 0; n < slot[LETTERS]; n++)
        if (sought[slot[OF_SLOT + n]].places) return 1;
    return 0;
}

static u32 is_digit(u32 at) { return folded[at] >= '0' && folded[at] <= '9'; }

/* Whether what stands between two words of a text parts them: a sign that is in no number, or what ends a sentence and no abbreviation. */
static u32 parts(u32 at) {
    if (what[at] & BREAK) return !at || !is_digit(at - 1) || !is_digit(at + 1);
    if (!(what[at] & ENDS)) return 0;
    if (!is_white(at)) return is_white(at + 1);
    for (u32 n = 1; n <= LONGEST_ABBREVIATION + 1; n++)
        if (n > at || (what[at - n] & ~DOUBLE) != PLAIN) return 0;
    return 1;
}

/* Whether no sign between two words parts them; of a pair, whether so few words stand there as between those of a keyword. */
static u32 is_little(u32 from, u32 to, u32 more, u32 is_pair) {
    u32 others = 0, stops = 0;
    for (u32 at = from, start; at < to;) {
        if (folded[at] == ' ') {
            if (parts(at++)) return 0;
            continue;
        }
        u32 plain = 1;
        for (start = at; at < to && folded[at] != ' '; at++) plain &= (what[at] & ~DOUBLE) == PLAIN;
        if (!is_pair || !plain) continue;
        u64 sum = sum_of(folded + start, at - start);
        if (*member_at(doubtful, sum)) continue;
        if (*member_at(small, sum)) stops++;
        else others++;
        if (others > MOST_OTHERS + more || (!more && stops > MOST_STOP_WORDS)) return 0;
    }
    return 1;
}

static u32 are_near(Word one, Word other, u32 reach, u32 more, u32 is_pair) {
    Word left = one.from < other.from ? one : other, right = one.from < other.from ? other : one;
    if (left.from == right.from) return 1;
    return right.from <= left.to + reach && is_little(left.to, right.from, more, is_pair);
}

/* Whether a word of a slot stands near another word. */
static u32 stands_near(Word word, const u32 *slot, u32 reach, u32 more, u32 is_pair) {
    for (u32 n = 0; n < slot[LETTERS]; n++)
        for (u32 at = sought[slot[OF_SLOT + n]].places; at; at = places[at].next)
            if (are_near(word, word_at(places[at].at), reach, more, is_pair)) return 1;
    return 0;
}

static u32 stand_together(const u32 *slots, u32 count) {
    u32 reach = 0, more = 0;
    const u32 *slot = slots;
    for (u32 n = 0; n < count; n++, slot += OF_SLOT + slot[LETTERS]) reach += slot[REACH], more += slot[MORE];
    if (count > 2) reach = folded_count; /* one that comes again and again may stand between two that are far apart */
    for (u32 n = 0; n < slots[LETTERS]; n++) {
        for (u32 at = sought[slots[OF_SLOT + n]].places; at; at = places[at].next) {
            Word word = word_at(places[at].at);
            u32 other = 1;
            for (slot = slots; other < count; other++) {
                slot += OF_SLOT + slot[LETTERS];
                if (!stands_near(word, slot, reach, more, count == 2)) break;
            }
            if (other == count) return 1;
        }
    }
    return 0;
}

/* Whether no word stands between two, but for what white space does not part from one of them. */
static u32 is_next(u32 from, u32 to) {
    while (from < to && !is_white(from)) from++;
    while (to > from && !is_white(to - 1)) to--;
    while (from < to) {
        u32 plain = 1, start = from;
        for (; from < to && folded[from] != ' '; from++) plain &= (what[from] & ~DOUBLE) == PLAIN;
        if (plain && from > start) return 0;
        from += from == start;
    }
    return 1;
}

static u32 stand_in_order(const u32 *slot, u32 count) {
    static Word before[MOST_TOGETHER], behind[MOST_TOGETHER];
    u32 some = 0;
    for (u32 n = 0; n < count; n++, slot += OF_SLOT + slot[LETTERS]) {
        u32 next = 0;
        for (u32 letter = 0; letter < slot[LETTERS]; letter++) {
            for (u32 at = sought[slot[OF_SLOT + letter]].places; at; at = places[at].next) {
                Word word = word_at(places[at].at);
                u32 is_behind = !n;
                for (u32 other = 0; other < some && !is_behind; other++) {
                    if (word.from > before[other].to + slot[REACH] || word.to < before[other].from) continue;
                    is_behind = !slot[NEXT] || is_next(before[other].to, word.from);
                }
                if (!is_behind) continue;
                if (next == MOST_TOGETHER) return 1;
                behind[next++] = word;
            }
        }
        if (!next) return 0;
        copy(before, behind, next * sizeof(Word));
        some = next;
    }
    return 1;
}

/* Whether letters stand in two words with white space between, given how many of them must stand where something does. */
static u32 stands_torn(const Sought *each, u32 half, u32 begins) {
    for (u32 place = sought[half].places; place; place = places[place].next) {
        u32 at = places[place].at, done = begins ? sought[half].length : 0, left = each->length - sought[half].length;
        if (begins) {
            for (at += done; done < each->length && at < folded_count; at++) {
                if (folded[at] == each->letters[done]) done++;
                else if (folded[at] != ' ' || !is_white(at)) break;
            }
            if (done == each->length) return 1;
        } else {
            while (left && at--) {
                if (folded[at] == each->letters[left - 1]) left--;
                else if (folded[at] != ' ' || !is_white(at)) break;
            }
            if (!left) return 1;
        }
    }
    return 0;
}

/* A way: whether in order, how many slots, and these. Of one slot each letters are three: all, the first half, the rest. */
static u32 stands(const u32 *way) {
    const u32 *slots = way + 2, *slot = slots;
    if (way[1] == 1) {
        if (slot[LETTERS] % 3) __builtin_trap();
        for (u32 n = 0; n < slot[LETTERS]; n += 3) {
            const Sought *each = sought + slot[OF_SLOT + n];
            if (each->places) return 1;
            if (stands_torn(each, slot[OF_SLOT + n + 1], 1) || stands_torn(each, slot[OF_SLOT + n + 2], 0)) return 1;
        }
        return 0;
    }
    for (u32 n = 0; n < way[1]; n++, slot += OF_SLOT + slot[LETTERS])
        if (!has_some(slot)) return 0;
    return way[0] ? stand_in_order(slots, way[1]) : stand_together(slots, way[1]);
}

/* A part of a query: what it is, how many numbers it is in all, and then a way, or how many parts and these. */
static u32 holds(const u32 *part) {
    if (part[0] == WAY) return stands(part + 2);
    const u32 *each = part + 3;
    for (u32 n = 0; n < part[2]; n++, each += each[1])
        if (holds(each) == (part[0] == ANY)) return part[0] == ANY;
    return part[0] == ALL;
}

static u32 look_at(const u32 *codes, u32 count, u32 as_is, const u32 *query) {
    if (fold(codes, count, as_is)) return TOO_RARE;
    places_count = 1;
    is_full = 0;
    for (u32 number = 1; number <= sought_count; number++) sought[number].places = 0;
    find();
    return is_full || holds(query) ? MAYBE : NO;
}

/* From an address on: how many numbers tell of letters, of the query, how many texts and letters of these, whether they
 * are folded; the letters that are looked for, each behind their length; the query; the lengths of the texts; the texts.
 * Returns where it says of each text whether the query may hold. It holds until the next call.
 */
EXPORT u32 glance(u32 given) {
    const u32 *head = (const u32 *)given, *rows = head + 5, *query = rows + head[0], *lengths = query + head[1];
    const u32 *codes = lengths + head[2], *end = codes + head[3];
    u32 before = mark(), longest = 0;
    for (u32 n = 0; n < head[2]; n++) longest = lengths[n] > longest ? lengths[n] : longest;
    if (longest > head[3]) __builtin_trap();
    u8 *said = (u8 *)take(head[2] + 1);
    seek(rows, head[0]);
    folded = (u32 *)take(8 * (longest + 2));
    what = (u8 *)take(2 * (longest + 2));
    places = (Place *)take(MOST_PLACES * sizeof(Place));
    for (u32 n = 0; n < head[2]; codes += lengths[n++]) {
        if (lengths[n] > (u32)(end - codes)) __builtin_trap();
        said[n] = (u8)look_at(codes, lengths[n], head[4], query);
    }
    seek_no_more();
    release(before);
    return (u32)said;
}
