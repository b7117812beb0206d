/* Which ways of rules a word of a text may be, by its sounds. */
#ifndef HEARING_H
#define HEARING_H

#include "../scan.h"
#include "names.h"

enum { GOES_ON = 8, WHOLE_RUN = 16, IN_SIGNS = 32 }; /* beside SMALL, IN_LONG_WORDS, WITH_VOWELS: flags of ways to say a word */
#define SHORTEST_COMPOUND 6u

static Row leading, terms; /* ways that the word leads which is heard now, and those that it answers alone, each with which slots */
static Row led_stamps, said_keys; /* the keys of all ways to say it */
static Row likely, closely; /* what a word may be of what is listened for, by its lanes; the same with what is wanted of each */
static u32 led_stamp;

/* Which slots of a way have one of two words, as bits. */
static u32 slots_with(const i32 *way, u32 one, u32 other) {
    const i32 *slot = way + OF_WAY;
    u32 bits = 0;
    for (i32 n = 0; n < way[SLOTS]; n++, slot = next_slot(slot))
        for (i32 word = 0; word < slot[SLOT_WORDS]; word++)
            if ((u32)slot[OF_SLOT + word] == one || (u32)slot[OF_SLOT + word] == other) bits |= bit_for((u32)n);
    return bits;
}

/* Note that a word answers slots of a way alone. */
static void note_alone(u32 way, u32 bits) {
    for (u32 n = 0; n < terms.count; n += 2) {
        if (numbers_of(&terms)[n] != (i32)way) continue;
        numbers_of(&terms)[n + 1] |= (i32)bits;
        return;
    }
    push(&terms, (i32)way), push(&terms, (i32)bits);
}

/* Note what a word is that sounds like something that is listened for. What a list has is borrowed, if it is it, for which no word
 * with capitals counts: rules/evaluate/counting.py.
 */
static void note(const Entry *entry, const Language *language, int has_capitals) {
    const i32 *some = list_at(entry->alone);
    u32 told = COUNTS | KNOWN | (has_capitals ? LEAD_KNOWN : 0);
    for (i32 n = 1; n <= some[0]; n++) {
        u32 way = (u32)some[n], flags = flags_of(language, way);
        if (flags & COUNTS && (entry->is_both || !(flags & KNOWN))) note_alone(way, slots_with(way_of(way), entry->word, entry->tail));
    }
    some = list_at(entry->leads);
    for (i32 n = 1; n <= some[0]; n++) {
        u32 way = (u32)some[n];
        if ((flags_of(language, way) & told) != COUNTS || numbers_of(&led_stamps)[way] == (i32)led_stamp) continue;
        numbers_of(&led_stamps)[way] = (i32)led_stamp;
        push(&leading, (i32)way);
    }
}

/* How a word of a text is written beside one of rules: 2 if it is the same, 1 if it begins with it and goes on. */
static int is_written_so(const Word *word, const u32 *letters, u32 length) {
    const u32 *own = (const u32 *)rule_letters.at + word->letters;
    if (!length || !word->length || word->length > length) return 0;
    for (u32 at = 0; at < word->length; at++)
        if (own[at] != letters[at]) return 0;
    return word->length == length ? 2 : 1;
}

static int is_heard(const Word *word, const Wanted *own, const Heard *heard, const Language *language, const u32 *letters, u32 length) {
    if (!is_near(own, heard, &language->endings, 1)) return 0;
    int written = is_written_so(word, letters, length);
    return !written || (written < 2 && is_near(own, heard, &language->endings, 0));
}

static int is_heard_as_both(const Entry *entry, const Heard *heard, const Language *language) {
    const Wanted *head = wanted_at(word_at(entry->word)->wanted), *tail = wanted_at(word_at(entry->tail)->wanted);
    return is_near(wanted_at(entry->wanted), heard, &language->endings, 0) &&
           are_both(head, tail, heard, &language->endings);
}

/* Compare what is heard with all that it may be, of what is listened for. */
static void compare_closely(const Heard *heard, const Language *language, const u32 *letters, u32 length) {
    i32 *stamps = numbers_of(&entry_stamps), *own = numbers_of(&likely);
    u32 count = 0;
    for (u32 n = 0; n < likely.count; n++) {
        u32 number = (u32)own[n];
        if (number >= language->listening.count || !bytes_of(&language->listening)[number]) continue;
        if (stamps[number] == (i32)word_stamp) continue;
        stamps[number] = (i32)word_stamp, own[count++] = (i32)number;
    }
    closely.count = 0;
    for (u32 n = 0; n < count; n++) push(&closely, own[n]), push(&closely, (i32)entry_at((u32)own[n])->wanted);
    ask_ahead(&closely);
    for (u32 n = 0; n < closely.count; n += 2) {
        const Entry *entry = entry_at((u32)numbers_of(&closely)[n]);
        u32 same = length && entry->first == *letters ? length : 0; /* else it is surely not written so */
        if (entry->is_both ? is_heard_as_both(entry, heard, language)
                           : is_heard(word_at(entry->word), wanted_at(entry->wanted), heard, language, letters, same))
            note(entry, language, length && flags_of_letter(*letters) & HAS_CAPITALS);
    }
}

/* Whether anything in lanes is listened for in a language: in that of the rules hardly anything is, in others nearly all. */
static int is_listened_for(const Language *language, const Lanes *some) {
    if (language->listens_for > entries.count / 2) return 1;
    for (u32 n = 0; n < LANES && !(some->only[n] & NO_LANE); n++)
        if (some->entries[n] < language->listening.count && bytes_of(&language->listening)[some->entries[n]]) return 1;
    return 0;
}

/* Compare what is heard with all that begins with its first consonants. Returns the bits of its keys. */
static u64 compare(const Heard *heard, const Script *script, u32 lacks, const Language *language, const u32 *letters,
                   u32 length) {
    Ends word_ends;
    Turned turned = {.costs = 0};
    u64 mask = 0;
    u32 is_marked = (script->flags & DROPS) != 0;
    find_longest_keys(heard->sounds, heard->length, (script->flags & ABJAD) != 0, DEPTH);
    const i32 *keys = numbers_of(&longest_keys);
    u32 count = longest_keys.count;
    for (u32 group = script->group; group < 2; group++) lacks |= OF_A_GROUP << group;
    forget_keys(), word_stamp++, likely.count = 0;
    for (u32 n = 0; n < count; n++) push(&said_keys, keys[n] * 2 + (i32)is_marked);
    know_ends(&word_ends, heard, &language->endings);
    for (u32 n = 0; n < count; n++) {
        for (u32 key = (u32)keys[n]; key && is_new_key(key); key = (key - 1) / 6) {
            if (key <= 42) mask |= bit_of(key, (int)is_marked);
            u32 filed = key * 2 + is_marked;
            if (filed >= language->counting.count || !bytes_of(&language->counting)[filed]) continue;
            const Shelf *shelf = shelf_of(filed);
            for (u32 at = 0; at < shelf->lanes.count;) {
                const Lanes *some = (const Lanes *)shelf->lanes.at + at;
                const Costs *costs = (const Costs *)costs_at[heard->profile][some->profile];
                if (!costs) __builtin_trap();
                if (some->kind & lacks || (costs->is_plain && some->shortest > heard->length)) {
                    at += some->rest;
                    continue;
                }
                u32 bits = is_listened_for(language, some) ? may_be_near(some, heard, &word_ends, &turned, costs, lacks) : 0;
                for (; bits; bits &= bits - 1) push(&likely, (i32)some->entries[__builtin_ctz(bits)]);
                at++;
            }
        }
    }
    compare_closely(heard, language, letters, length);
    return mask;
}

/* The bits of the keys of sounds. */
static u64 mask_of_sounds(const Heard *heard, const Script *script) {
    u64 mask = 0;
    find_longest_keys(heard->sounds, heard->length, (script->flags & ABJAD) != 0, DEPTH);
    for (u32 n = 0; n < longest_keys.count; n++)
        for (u32 key = (u32)numbers_of(&longest_keys)[n]; key; key = (key - 1) / 6)
            if (key <= 42) mask |= bit_of(key, (script->flags & DROPS) != 0);
    return mask;
}

/* Note the names that sound just like a word, of rules that are written in the language. */
static void note_own(const u8 *sounds, u32 length, const Language *language) {
    const i32 *some = list_at(value_of(&sounds_like, sum_of(sounds, length > LONGEST ? LONGEST : length)));
    for (i32 n = 1; n <= some[0]; n++) {
        u32 way = (u32)some[n];
        if (!(flags_of(language, way) & OWN_NAME)) continue;
        const Wanted *name = wanted_at(word_at((u32)way_of(way)[OF_WAY + OF_SLOT])->wanted);
        if (name->length == length || name->more) note_alone(way, 1);
    }
}

static Hearing begin_word(Language *language, u32 number, i32 flags, u32 place) {
    i32 own[OF_WORD] = {[FLAGS] = flags};
    Hearing heard = {.language = language, .number = number, .place = language->heard.count, .at = place, .letters = folded_at(place),
                     .length = flags & IS_RUN ? 0 : folded_length(place)};
    for (u32 n = 0; n < OF_WORD; n++) push(&language->heard, own[n]);
    leading.count = terms.count = said_keys.count = 0;
    reach(&led_stamps, way_at.count), led_stamp++;
    return heard;
}

/* Leave out lone names that a word sounds like, but is none of. */
static void leave_out_names(const Hearing *of) {
    u32 count = 0, writing = terms.count ? writing_of(of) : 0;
    i32 *own = numbers_of(&terms);
    for (u32 n = 0; n < terms.count; n += 2)
        if (may_be_name(of, (u32)own[n], writing)) own[count++] = own[n], own[count++] = own[n + 1];
    terms.count = count;
}

static void end_word(const Hearing *of) {
    Row *row = &of->language->heard;
    i32 *own = numbers_of(row) + of->place;
    leave_out_names(of);
    u32 sounds = (row->count - of->place - OF_WORD) / OF_SOUND, *known = &of->language->nothing[own[FLAGS]];
    if (!of->mask && !sounds && !leading.count && !terms.count) { /* as most words are in a rule's own language */
        if (*known) row->count = of->place;
        else *known = of->place + 1;
        numbers_of(&of->language->words)[of->number] = (i32)*known - 1;
        return;
    }
    own[MASK] = (i32)of->mask, own[MASK + 1] = (i32)(of->mask >> 32);
    own[FLAGS] |= (i32)(sounds * A_SOUND);
    own[LEADS] = (i32)leading.count, own[TERMS] = (i32)terms.count / 2, own[KEYS_OF_WORD] = (i32)said_keys.count;
    for (u32 n = 0; n < leading.count; n++) push(row, numbers_of(&leading)[n]);
    for (u32 n = 0; n < terms.count; n++) push(row, numbers_of(&terms)[n]);
    for (u32 n = 0; n < said_keys.count; n++) push(row, numbers_of(&said_keys)[n]);
    numbers_of(&of->language->words)[of->number] = (i32)of->place;
}

/* Hear one way to say a word, in small letters, and write it down. */
static void hear_one(Hearing *of, const u32 *text, u32 length, u32 script, u32 flags) {
    Language *language = of->language;
    u8 sounds[MOST_SOUNDS], signs[MOST_SOUNDS + 1];
    u32 read = read_as(language, script);
    const Script *known = &scripts[read];
    int may_be_own = language->has_names && !of->ways++ && !(flags & SMALL);
    if (flags & WHOLE_RUN && !may_be_own) return;
    u32 count = flags & IN_SIGNS ? read_signs(text, length, A_FEW_SIGNS, sounds, signs)
                                 : to_sounds(text, length, read, (int)language->j_is_i, sounds);
    if (may_be_own && known->flags & MAY_J_BE_I && (language->j_is_i || read != script)) {
        u8 plain[MOST_SOUNDS];
        u32 some = to_sounds(text, length, script, 0, plain);
        note_own(plain, some, language);
    } else if (may_be_own) {
        note_own(sounds, count, language);
    }
    if (count < 2 || flags & WHOLE_RUN || !language->has_ways) return;
    int in_full = !(numbers_of(&language->heard)[of->place + FLAGS] & IS_RUN || known->flags & (NO_VOWELS | ABJAD));
    Heard heard = {.length = count, .profile = known->profile, .is_open = flags & GOES_ON, .signs = flags & IN_SIGNS ? signs : 0,
                   .is_bare = known->flags & NO_VOWELS, .in_full = in_full, .sounds = sounds};
    listen_to(&heard);
    Row *row = &language->heard;
    push(row, (i32)language->sounds.count);
    push(row, (i32)(count | known->profile << 8 | known->group << 16 | (heard.is_open != 0) << 24));
    for (u32 at = 0; at < count; at++) push_byte(&language->sounds, sounds[at]);
    u32 lacks = flags & (SMALL | IN_LONG_WORDS | WITH_VOWELS);
    if (count < SHORTEST_COMPOUND) lacks |= IN_LONG_WORDS;
    of->mask |= compare(&heard, known, lacks, language, of->letters, of->length);
}

/* Answer with the letters that were never met, and return how many. */
static u32 note_new_letters(const u32 *letters, u32 count) {
    for (u32 at = 0; at < count; at++)
        if (letters[at] < LETTERS && !letter_flags[letters[at]]) push(&output, (i32)letters[at]);
    return output.count;
}

/* Hear the words that were left to Python: for each way to say one which of them it is, the script (0: that of its first
 * letter), flags; then all ways, small and composed, a line each. Returns, less than 0, how many letters it was answered with that
 * must be known first, if any.
 */
EXPORT i32 hear(u32 number, u32 count, u32 letters) {
    Language *language = language_of(number);
    const i32 *ways = numbers_of(&input);
    const u32 *text = (const u32 *)ways + count * 3, *end = text + letters;
    if (((u64)count * 3 + letters) * 4 > input.room) __builtin_trap();
    output.count = 0;
    if (note_new_letters(text, letters)) return -(i32)output.count;
    u32 at = 0;
    for (u32 n = 0; n < language->left.count / OF_LEFT; n++) {
        const i32 *left = numbers_of(&language->left) + n * OF_LEFT;
        Hearing heard = begin_word(language, (u32)left[0], left[1], (u32)left[2]);
        for (; at < count && (u32)ways[at * 3] == n; at++) {
            u32 length = 0, script = (u32)ways[at * 3 + 1];
            while (text + length < end && text[length] != '\n') length++;
            if (script >= SCRIPTS) __builtin_trap();
            hear_one(&heard, text, length, script ? script : script_in(text, length), (u32)ways[at * 3 + 2]);
            text += text + length < end ? length + 1 : length;
        }
        end_word(&heard);
    }
    language->left.count = 0;
    return 0;
}

#endif
