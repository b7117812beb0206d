/* What rules listen for: words, two words as one, and the ways in which they make up an alternative of a term. */
#ifndef WAYS_H
#define WAYS_H

#include "keys.h"
#include "lanes.h"
#include "letters.h"
#include "wanted.h"

enum { COUNTS = 1, KNOWN = 2, OWN_NAME = 4, LEAD_KNOWN = 8, OTHER_KNOWN = 16 }; /* behind the last two is that of the third word */
#define NO_WORD (~0u)
enum { SMALL = 1, IN_LONG_WORDS = 2, WITH_VOWELS = 4, OF_A_GROUP = 8 }; /* words that are not what is listened for */

/* A word of rules: a bit of each beginning of its keys, what it sounds like, how scripts must write it, and its letters:
 * the word itself is no other spelling of it. None for a name that is all of a term, of which `letters` says where in
 * `names_written` the ways to write it are. Where its keys are; and what it says: where that begins in `said_by_rules`, and as in
 * keys.h.
 */
typedef struct {
    u64 mask;
    u32 wanted, group, letters, length, keys, said;
    u8 sounds, stem, abjad;
} Word;

/* What is listened for: the first letter of one word; which words only may be it, the ways that it leads or is all of, and where the
 * keys are under which it is filed.
 */
typedef struct {
    u32 wanted, is_both : 1, first : 31, word, tail, only, alone, leads, keys;
} Entry;

/* What is filed under a key: its numbers in a list; and in lanes, as it is compared, if all of it lies there. */
typedef struct {
    Row lanes;
    u32 filed, is_laid;
} Shelf;

/* A language of texts: which ways count, under which keys anything does, what of it is listened for, what is written onto its
 * words, and what its words are that were heard; with what those go on that begin with words of rules. How much is listened for,
 * whether there are names of its own, any ways, and any that are no lone names; as which script its Latin letters are read, and whether it has others.
 */
typedef struct {
    Row flags, counting, listening, prefixes, words, sounds, heard, left, going_on, begun; /* `begun`: where in `going_on` it is of a word */
    Set known, everyday; /* words that were heard, and those that are no spelling of any other, by the sums of their letters */
    Endings endings;
    NameLetters names;
    u32 listens_for, j_is_i, latin, has_other_letters, has_names, has_ways, has_others, time, begun_at; /* `time` is another one when words are forgotten, `begun_at` when what they begin with is */
    u32 nothing[4]; /* behind where it is written of a word that it is nothing, by its flags; 0 if it is nowhere yet */
} Language;

/* What was heard of a word, in `heard`: mask (two), flags and how many sounds, how many ways that it leads, of which it answers
 * slots alone, how many keys it has; then these, of which it answers slots each with these as bits. A sound is its place, and in
 * a byte each its length, profile, group and whether it goes on.
 */
enum { MASK, FLAGS = 2, LEADS, TERMS, KEYS_OF_WORD, OF_WORD };
enum { AT, SAID_AS, OF_SOUND };
enum { IS_SMALL = 1, IS_RUN = 2, A_SOUND = 4 };
#define OF_LEFT 3u /* a word that is left to Python: its number, flags, where it stands */

static inline u32 sounds_in(const i32 *heard) { return (u32)heard[FLAGS] / A_SOUND; }
static inline const i32 *ways_in(const i32 *heard) { return heard + OF_WORD + sounds_in(heard) * OF_SOUND; }
static inline const i32 *keys_in(const i32 *heard) { return ways_in(heard) + heard[LEADS] + 2 * heard[TERMS]; }

/* What of a way is looked at first: the masks of its slots but that which leads as one; how many slots it has, how like two must be together, in thousandths (0 if that is not known), whether of two the second one leads; the mask
 * of that which leads, folded; the numbers of so many slots; the keys of the words of each slot but that which leads, behind A_SLOT, which no key is,
 * as far as there is room.
 */
#define SLOTS_AT_ONCE 5u
#define KEYS_AT_ONCE 14u
#define MOST_IN_A_HEAD 0xffffu
#define WAY_ENTRIES 3u /* where in what Python says of a way its entries stand */
enum { NO_MORE_KEYS, A_SLOT };
typedef struct {
    u64 others;
    u16 slots, least : 12, is_lone : 1, leads_behind : 1, is_of_names : 1, is_never_one : 1;
    u32 leading, numbers[SLOTS_AT_ONCE];
    u16 keys[KEYS_AT_ONCE];
} Head;

/* A way, in `ways`: its term, how many slots; for each, the rarest first, its number, how many words, their masks as one (two
 * numbers), and these.
 */
enum { TERM, SLOTS, OF_WAY };
enum { SLOT, SLOT_WORDS, SLOT_MASK, OF_SLOT = 4 };

static Row words, rule_letters, word_keys, entries, ways, way_at, heads_of_ways, led_by, others_by, languages, entry_stamps;
static Set sounds_like; /* ways that are lone names, in lists by the sums of their first sounds */
static u32 times;
static Row entry_keys, way_entries, way_entries_at, said_by_rules;
static u32 word_stamp;
static Shelf shelves[2 * KEYS]; /* by twice the key, and 1 if it has a mark */
static Row sorted, slot_keys;

static inline Word *word_at(u32 number) { return (Word *)words.at + number; }
static inline Entry *entry_at(u32 number) { return (Entry *)entries.at + number; }
static inline const i32 *way_of(u32 number) { return numbers_of(&ways) + numbers_of(&way_at)[number]; }

static inline const Head *head_of(u32 number) { return (const Head *)heads_of_ways.at + number; }

static inline const i32 *next_slot(const i32 *slot) { return slot + OF_SLOT + slot[SLOT_WORDS]; }
static inline u64 mask_of(const i32 *slot) { return (u32)slot[SLOT_MASK] | (u64)(u32)slot[SLOT_MASK + 1] << 32; }

static Language *language_of(u32 number) {
    if (number >= languages.count) __builtin_trap();
    return (Language *)languages.at + number;
}

static inline u32 flags_of(const Language *language, u32 way) {
    return way < language->flags.count ? bytes_of(&language->flags)[way] : 0;
}

/* The bit of a key's first two groups; those with a mark share the upper ones. */
static u64 bit_of(u32 key, u32 is_marked) {
    while (key > 42) key = (key - 1) / 6;
    return 1ull << (is_marked ? 42 + key % 21 : key ? key - 1 : 63);
}

static inline u32 folded_mask(u64 mask) { return (u32)(mask | mask >> 32); }

/* The bits of the beginnings of keys that are written down. */
static u64 mask_of_keys(const i32 *own) {
    u64 mask = 0;
    for (i32 n = 1; n <= own[0]; n++) mask |= bit_of((u32)own[n] / 2, own[n] & 1);
    return mask;
}

static Saying saying_of(const Word *word) {
    return (Saying){bytes_of(&said_by_rules) + word->said, word->sounds, word->stem, word->abjad};
}

/* A word: its group, whether its script has one letter for u and v, how many sounds its stem has, what is wanted of all of it,
 * its letters, or the ways to write it if it is a name that is all of a term.
 */
static u32 learn_word(const i32 *in) {
    u32 number = wanted.count, own_keys = word_keys.count, said = said_by_rules.count;
    const i32 *own = in + 3 + WANTED_SOUNDS;
    u32 sounds = (u32)own[0] > MOST_SOUNDS ? MOST_SOUNDS : (u32)own[0], size = 3 + learn_wanted(in + 3);
    for (u32 n = 0; n < sounds; n++) push_byte(&said_by_rules, (u32)own[1 + n] & 31);
    widen(&words, (words.count + 1) * sizeof(Word));
    Word *word = word_at(words.count++);
    *word = (Word){.wanted = number, .group = (u32)in[0], .letters = rule_letters.count, .length = (u32)in[size], .keys = own_keys,
                   .said = said, .sounds = (u8)sounds, .stem = (u8)((u32)in[2] < sounds ? in[2] : 0), .abjad = in[1] != 0};
    Saying saying = saying_of(word);
    write_keys_of(&word_keys, &saying);
    word->mask = mask_of_keys(numbers_of(&word_keys) + own_keys);
    if (wanted_at(number)->lone & A_NAME) {
        word->letters = names_written.count, word->length = 0;
        for (i32 n = 0; n < in[size]; n++) push_byte(&names_written, (u32)in[size + 1 + (u32)n]);
    } else {
        for (i32 n = 0; n < in[size]; n++) push(&rule_letters, in[size + 1 + (u32)n]);
    }
    return size + 1 + (u32)in[size];
}

/* Write down the keys of what is listened for, of two words behind those that are written down of the same. */
static void learn_keys(const Entry *entry) {
    const Entry *last = entry - 1;
    if (entry->is_both && entries.count > 1 && last->is_both && last->word == entry->word && last->tail == entry->tail) {
        const i32 *own = numbers_of(&entry_keys) + last->keys;
        for (i32 n = 0, count = own[0]; n <= count; n++) push(&entry_keys, numbers_of(&entry_keys)[last->keys + (u32)n]);
        return;
    }
    Saying saying = saying_of(word_at(entry->word));
    if (entry->is_both) {
        Saying tail = saying_of(word_at(entry->tail));
        write_keys_of_both(&entry_keys, &saying, &tail);
        return;
    }
    const i32 *own = numbers_of(&word_keys) + word_at(entry->word)->keys;
    for (i32 n = 0; n <= own[0]; n++) push(&entry_keys, own[n]);
}

static void file(Entry entry) {
    u32 number = entries.count;
    if (number >= MOST_ENTRIES) __builtin_trap();
    entry.keys = entry_keys.count;
    widen(&entries, (number + 1) * sizeof(Entry));
    *entry_at(entries.count++) = entry;
    learn_keys(entry_at(number));
    const i32 *own = numbers_of(&entry_keys) + entry.keys;
    for (i32 n = 1; n <= own[0]; n++) {
        Shelf *shelf = &shelves[own[n]];
        shelf->filed = appended(shelf->filed, (i32)number), shelf->is_laid = 0;
    }
}

/* What is listened for: a word, the group, which words only. */
static u32 learn_entry(const i32 *in) {
    u32 only = (u32)in[2];
    if ((u32)in[0] >= words.count || (u32)in[1] > 2) __builtin_trap();
    const Word *word = word_at((u32)in[0]);
    u32 first = word->length ? ((const u32 *)rule_letters.at)[word->letters] : 0;
    for (u32 group = 0; group < (u32)in[1]; group++) only |= OF_A_GROUP << group;
    file((Entry){.wanted = word->wanted, .first = first & 0x7fffffff, .word = (u32)in[0], .tail = NO_WORD, .only = only});
    return 3;
}

/* Two words as one are listened for: both, how both treat sounds, what may follow the stem of the second one, and whether the stem of
 * the first one may begin it, too.
 */
static u32 learn_both(const i32 *in) {
    u32 one = (u32)in[0], other = (u32)in[1];
    if (one >= words.count || other >= words.count) __builtin_trap();
    for (i32 is_stem = 0; is_stem <= (in[4] != 0); is_stem++) {
        Saying head = saying_of(word_at(one)), tail = saying_of(word_at(other));
        u32 length = is_stem && head.stem ? head.stem : head.length, number = wanted.count;
        learn_two(head.sounds, length, tail.sounds, tail.length, tail.stem, (u32)in[2], (u32)in[3]);
        file((Entry){.wanted = number, .is_both = 1, .word = one, .tail = other, .only = IN_LONG_WORDS});
    }
    return 5;
}

/* Lay what is filed under a key side by side. */
static void lay(Shelf *shelf) {
    const i32 *filed = list_at(shelf->filed);
    u32 count = (u32)filed[0], groups = 0;
    widen(&sorted, count * 8);
    u64 *order = (u64 *)sorted.at;
    for (u32 n = 0; n < count; n++) {
        const Entry *entry = entry_at((u32)filed[1 + n]);
        order[n] = order_of((u32)filed[1 + n], entry->only, wanted_at(entry->wanted));
    }
    sort(order, count);
    Lanes *some = 0;
    for (u32 n = 0, lane = 0; n < count; n++) {
        const Entry *entry = entry_at((u32)order[n] & (MOST_ENTRIES - 1));
        const Wanted *own = wanted_at(entry->wanted);
        if (!n || lane == LANES || order[n] >> KIND_SHIFT != order[n - 1] >> KIND_SHIFT) {
            widen(&shelf->lanes, ++groups * sizeof(Lanes));
            some = (Lanes *)shelf->lanes.at + groups - 1;
            *some = (Lanes){.profile = own->profile, .kind = entry->only & OF_A_KIND, .shortest = own->shortest};
            fill((void *)some->only, NO_LANE, LANES), lane = 0;
        }
        add_lane(some, lane++, (u32)order[n] & (MOST_ENTRIES - 1), entry->only, own);
    }
    shelf->lanes.count = groups, shelf->is_laid = 1;
    for (u32 n = groups; n--; some--) {
        int is_last = n + 1 == groups || some[1].kind != some->kind || some[1].profile != some->profile;
        some->rest = is_last ? 1 : some[1].rest + 1;
    }
}

static const Shelf *shelf_of(u32 key) {
    if (!shelves[key].is_laid) lay(&shelves[key]);
    return &shelves[key];
}

/* Write the keys of the words of the first slots but that which leads that have room, each once a slot, and none that begins with
 * another one.
 */
static void write_keys_of_slots(Head *head, const i32 *way) {
    const i32 *slot = next_slot(way + OF_WAY);
    slot_keys.count = 0;
    for (i32 n = 1; n < way[SLOTS] && n < (i32)SLOTS_AT_ONCE; n++, slot = next_slot(slot)) {
        u32 at = slot_keys.count;
        push(&slot_keys, A_SLOT);
        for (i32 word = 0; word < slot[SLOT_WORDS]; word++) {
            const i32 *own = numbers_of(&word_keys) + word_at((u32)slot[OF_SLOT + word])->keys;
            for (i32 each = 1; each <= own[0]; each++) add_key(&slot_keys, at + 1, own[each]);
        }
        leave_out_longer(&slot_keys, at);
        numbers_of(&slot_keys)[at] = A_SLOT;
        if (slot_keys.count > KEYS_AT_ONCE) return;
        for (; at < slot_keys.count; at++) head->keys[at] = (u16)numbers_of(&slot_keys)[at];
    }
}

/* A way: how many entries, whether it is a lone name (1), whether of two slots the second one leads (2), how like both must be together;
 * the entries; its term, how many slots, and these.
 */
static u32 learn_way(const i32 *in) {
    u32 number = way_at.count, at = WAY_ENTRIES + (u32)in[0], slots = (u32)in[at + 1];
    const i32 *own = in + at;
    push(&way_at, (i32)ways.count);
    push(&ways, own[0]), push(&ways, (i32)slots);
    widen(&heads_of_ways, (number + 1) * sizeof(Head));
    Head *head = (Head *)heads_of_ways.at + number;
    *head = (Head){.slots = slots < MOST_IN_A_HEAD ? (u16)slots : MOST_IN_A_HEAD, .least = (u16)in[2] & 0xfff, .is_lone = (u16)in[1] & 1, .leads_behind = (u16)in[1] >> 1 & 1,
                   .is_of_names = (u16)in[1] >> 2 & 1, .is_never_one = (u16)in[1] >> 3 & 1};
    at = 2;
    for (u32 n = 0; n < slots; n++) {
        u32 slot = (u32)own[at], count = (u32)own[at + 1];
        u64 mask = 0;
        for (u32 word = 0; word < count; word++) {
            if ((u32)own[at + 2 + word] >= words.count) __builtin_trap();
            mask |= word_at((u32)own[at + 2 + word])->mask;
        }
        if (n < SLOTS_AT_ONCE) head->numbers[n] = slot;
        if (n) head->others |= mask;
        else head->leading = folded_mask(mask);
        push(&ways, (i32)slot), push(&ways, (i32)count), push(&ways, (i32)mask), push(&ways, (i32)(mask >> 32));
        for (u32 word = 0; word < count; word++) push(&ways, own[at + 2 + word]);
        if (slots > 1) {
            Row *row = n ? &others_by : &led_by;
            reach(row, slot);
            numbers_of(row)[slot] = (i32)appended((u32)numbers_of(row)[slot], (i32)number);
        }
        at += 2 + count;
    }
    write_keys_of_slots(head, way_of(number));
    push(&way_entries_at, (i32)way_entries.count);
    push(&way_entries, in[0]);
    for (i32 n = 0; n < in[0]; n++) {
        if ((u32)in[WAY_ENTRIES + (u32)n] >= entries.count) __builtin_trap();
        push(&way_entries, in[WAY_ENTRIES + (u32)n]);
        Entry *entry = entry_at((u32)in[WAY_ENTRIES + (u32)n]);
        u32 *list = slots == 1 || entry->is_both ? &entry->alone : &entry->leads;
        *list = appended(*list, (i32)number);
    }
    if (in[1] & 1) {
        const Wanted *name = wanted_at(word_at((u32)own[4])->wanted);
        u64 sum = sum_of(bytes_of(&pool) + name->sounds, name->length);
        set_value(&sounds_like, sum, appended(value_of(&sounds_like, sum), (i32)number));
    }
    return WAY_ENTRIES + (u32)in[0] + at;
}

/* Answer with the keys of what is listened for; returns how many. For those who compare them. */
EXPORT u32 keys_of_entry(u32 entry) {
    if (entry >= entries.count) __builtin_trap();
    const i32 *own = numbers_of(&entry_keys) + entry_at(entry)->keys;
    output.count = 0;
    for (i32 n = 1; n <= own[0]; n++) push(&output, own[n]);
    return output.count;
}

/* Take in words (0), entries (1), ways (2) and two words as one (3), one behind the other. */
EXPORT void learn(u32 count) {
    static u32 (*const how[])(const i32 *) = {learn_word, learn_entry, learn_way, learn_both};
    const i32 *in = numbers_of(&input);
    for (u32 at = 0; at < count;) {
        if ((u32)in[at] > 3) __builtin_trap();
        at += 1 + how[in[at]](in + at + 1);
    }
    reach(&entry_stamps, entries.count);
}

/* Take in endings that may stand behind a stem, each with its length; returns the number of the set. */
EXPORT u32 know_endings(u32 count) {
    const i32 *in = numbers_of(&input);
    u32 number = afters.count, some = 0;
    push(&afters, 0);
    for (u32 at = 0; at < count; at += 1 + (u32)in[at], some++) {
        push(&afters, (i32)pool.count), push(&afters, in[at]);
        for (i32 n = 0; n < in[at]; n++) push_byte(&pool, (u32)in[at + 1 + (u32)n]);
        set_value(&any_after, sum_of(bytes_of(&pool) + pool.count - in[at], (u32)in[at]), 1);
    }
    numbers_of(&afters)[number] = (i32)some;
    return number;
}

/* Open a language: whether j is i, as which script its Latin letters are read, whether it is written in others, and its endings as
 * sounds, each with its length. Returns its number.
 */
EXPORT u32 open_language(u32 count) {
    const i32 *in = numbers_of(&input);
    widen(&languages, (languages.count + 1) * sizeof(Language));
    Language *language = (Language *)languages.at + languages.count;
    *language = (Language){.j_is_i = (u32)in[0], .latin = (u32)in[1], .has_other_letters = (u32)in[2], .time = ++times};
    if (count < 3 || language->latin >= SCRIPTS) __builtin_trap();
    for (u32 at = 3; at < count; at += 1 + (u32)in[at]) {
        u8 sounds[32];
        u32 length = (u32)in[at];
        if (length > 32) __builtin_trap();
        for (u32 n = 0; n < length; n++) sounds[n] = (u8)in[at + 1 + n];
        set_value(&language->endings.sums, sum_of(sounds, length), 1);
        if (length > language->endings.longest) language->endings.longest = length;
    }
    return languages.count++;
}

/* As which script a word of a language is read. */
static inline u32 read_as(const Language *language, u32 script) { return script == LATIN_SCRIPT ? language->latin : script; }

/* Take in common words of a language, a line each. */
EXPORT void know_everyday(u32 number, u32 count) { take_lines(&language_of(number)->everyday, count); }

/* Take in what a language writes onto the beginning of words, each with its length. */
EXPORT void know_prefixes(u32 number, u32 count) {
    for (u32 at = 0; at < count; at++) push(&language_of(number)->prefixes, numbers_of(&input)[at]);
}

/* Take in what the letters of a language say of names. */
EXPORT void know_letters_of_names(u32 number, u32 count) { learn_letters(&language_of(number)->names, numbers_of(&input), count); }

/* What letters say of a way to write a name, which stands before them. For those who compare it. */
EXPORT i32 told_in(u32 number, u32 length, u32 count) {
    u8 name[LONGEST_WRITTEN], letters[LONGEST_WRITTEN];
    const i32 *in = numbers_of(&input);
    if (length > LONGEST_WRITTEN || count > LONGEST_WRITTEN) __builtin_trap();
    for (u32 at = 0; at < length; at++) name[at] = (u8)in[at];
    number_letters(&language_of(number)->names, (const u32 *)in + length, count, letters);
    return told_by_letters(&language_of(number)->names, name, length, letters, count);
}

/* Take in how the next ways count in a language, a byte each. Returns whether anything is heard in it. */
EXPORT u32 count_ways(u32 number, u32 count) {
    Language *language = language_of(number);
    while (language->counting.count < 2 * KEYS) push_byte(&language->counting, 0);
    while (language->listening.count < entries.count) push_byte(&language->listening, 0);
    for (u32 n = 0; n < count; n++) {
        u32 way = language->flags.count, flags = bytes_of(&input)[n];
        push_byte(&language->flags, flags);
        language->has_names |= (flags & OWN_NAME) != 0;
        if (!(flags & COUNTS) || way >= way_at.count) continue;
        language->has_ways = 1, language->has_others |= !head_of(way)->is_lone;
        const i32 *every = numbers_of(&way_entries) + numbers_of(&way_entries_at)[way];
        for (i32 at = 1; at <= every[0]; at++) {
            const Entry *entry = entry_at((u32)every[at]);
            u8 *listens = bytes_of(&language->listening) + every[at];
            if (!*listens && (entry->is_both || !(flags & KNOWN))) *listens = 1, language->listens_for++;
            const i32 *own_keys = numbers_of(&entry_keys) + entry->keys;
            for (i32 key = 1; key <= own_keys[0]; key++) bytes_of(&language->counting)[own_keys[key]] = 1;
        }
    }
    return language->has_ways | language->has_names;
}

/* Forget what was heard in a language. */
EXPORT void forget(u32 number) {
    Language *language = language_of(number);
    language->words.count = language->heard.count = language->sounds.count = language->left.count = 0;
    fill(language->nothing, 0, sizeof language->nothing);
    language->time = ++times, language->begun_at = 0;
    leave(&language->known.members);
    language->known = (Set){0};
}

#endif
