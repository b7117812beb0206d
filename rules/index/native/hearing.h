/* Which ways of rules the words of an article may be, by their sounds: words that are new, and whole articles. */
#ifndef HEARING_H
#define HEARING_H

#include "ways.h"

enum { SMALL = 1, IN_LONG_WORDS = 2, WITH_VOWELS = 4, GOES_ON = 8, WHOLE_RUN = 16 };
#define SHORTEST_COMPOUND 6u
#define SHORTEST_REST 4u
#define NEAR_BY 8
#define MOST_PLACES 256u
#define MOST_HEARD 16000u /* so many words are remembered, and all forgotten then */

static u16 keys[KEYS];
static Row leading, terms; /* ways that the word leads which is heard now, and of which it is all */

static void push_once(Row *row, i32 number) {
    for (u32 n = 0; n < row->count; n++)
        if (numbers_of(row)[n] == number) return;
    push(row, number);
}

/* Whether any way counts for which something is listened for. */
static int counts(const Entry *entry, const Language *language) {
    for (u32 list = entry->alone; list; list = rest_of(list)) {
        u32 flags = flags_of(language, (u32)number_in(list));
        if (flags & COUNTS && (entry->is_both || !(flags & KNOWN))) return 1;
    }
    for (u32 list = entry->leads; list; list = rest_of(list))
        if ((flags_of(language, (u32)number_in(list)) & (COUNTS | KNOWN)) == COUNTS) return 1;
    return 0;
}

/* Note what a word is that sounds like something that is listened for. */
static void note(const Entry *entry, const Language *language) {
    for (u32 list = entry->alone; list; list = rest_of(list)) {
        u32 way = (u32)number_in(list), flags = flags_of(language, way);
        if (flags & COUNTS && (entry->is_both || !(flags & KNOWN))) push_once(&terms, (i32)way);
    }
    for (u32 list = entry->leads; list; list = rest_of(list)) {
        u32 way = (u32)number_in(list);
        if ((flags_of(language, way) & (COUNTS | KNOWN)) == COUNTS) push_once(&leading, (i32)way);
    }
}

/* How a word of a text is written beside one of rules: 2 if it is the same, 1 if it begins with it and goes on. */
static int is_written_so(const Word *word, const i32 *letters, u32 length) {
    const i32 *own = numbers_of(&rule_letters) + word->letters;
    if (!word->length || word->length > length) return 0;
    for (u32 at = 0; at < word->length; at++)
        if (own[at] != letters[at]) return 0;
    return word->length == length ? 2 : 1;
}

static int is_heard(const Word *word, const Heard *heard, const Language *language, const i32 *letters, u32 length) {
    int written = is_written_so(word, letters, length);
    return written < 2 && is_near(wanted_at(word->wanted), heard, &language->endings, !written);
}

static int is_heard_as_both(const Entry *entry, const Heard *heard, const Language *language) {
    const Wanted *head = wanted_at(word_at(entry->word)->wanted), *tail = wanted_at(word_at(entry->tail)->wanted);
    return is_near(wanted_at(entry->wanted), heard, &language->endings, 0) &&
           are_both(head, tail, heard, &language->endings);
}

/* Compare what is heard with all that begins with its first consonants. Returns the bits of its keys. */
static u64 compare(const Heard *heard, const Script *script, u32 lacks, const Language *language, const i32 *letters,
                   u32 length) {
    u64 mask = 0;
    u32 is_marked = (script->flags & DROPS) != 0, stamp = ++word_stamp;
    u32 count = longest_keys(heard->sounds, heard->length, (script->flags & ABJAD) != 0, keys);
    i32 *stamps = numbers_of(&entry_stamps);
    key_stamp++;
    for (u32 n = 0; n < count; n++) {
        for (u32 key = keys[n]; key && key_stamps[key] != key_stamp; key = (key - 1) / 6) {
            key_stamps[key] = key_stamp;
            if (key <= 42) mask |= bit_of(key, is_marked);
            for (u32 group = 0; group <= script->group; group++) {
                for (u32 list = filed_at[group][is_marked][key]; list; list = rest_of(list)) {
                    u32 number = (u32)number_in(list);
                    const Entry *entry = entry_at(number);
                    if (entry->only & lacks || stamps[number] == (i32)stamp) continue;
                    stamps[number] = (i32)stamp;
                    if (!counts(entry, language)) continue;
                    if (entry->is_both ? is_heard_as_both(entry, heard, language)
                                       : is_heard(word_at(entry->word), heard, language, letters, length))
                        note(entry, language);
                }
            }
        }
    }
    return mask;
}

/* Note the names that sound just like a word, of rules that are written in the language. */
static void note_own(const u8 *sounds, u32 length, const Language *language) {
    u32 sum = (u32)sum_of(sounds, length > LONGEST ? LONGEST : length) & 4095;
    u32 list = sum < sounds_like.count ? (u32)numbers_of(&sounds_like)[sum] : 0;
    for (; list; list = rest_of(list)) {
        u32 way = (u32)number_in(list), same = 0;
        const Wanted *name = wanted_at(word_at((u32)way_of(way)[OF_WAY + 2])->wanted);
        if (!(flags_of(language, way) & OWN_NAME) || (name->length != length && !name->more)) continue;
        while (same < name->length && same < length && bytes_of(&pool)[name->sounds + same] == sounds[same]) same++;
        if (same == name->length) push_once(&terms, (i32)way);
    }
}

/* Hear one way to say a word, and write it down. */
static u64 hear_one(Language *language, const u32 *text, u32 length, u32 script, u32 flags, int is_first, int has_names,
                    const i32 *place) {
    u8 sounds[MOST_SOUNDS];
    u32 count = to_sounds(text, length, script, (int)language->j_is_i, sounds);
    if (has_names && is_first && !(flags & SMALL)) {
        u8 plain[MOST_SOUNDS];
        u32 some = to_sounds(text, length, script, 0, plain);
        note_own(plain, some, language);
    }
    if (count < 2 || flags & WHOLE_RUN) return 0;
    const Script *known = &scripts[script];
    Heard heard = {.length = count, .profile = known->profile, .is_open = flags & GOES_ON, .sounds = sounds};
    listen_to(&heard);
    Row *written_down = &language->heard;
    push(written_down, (i32)language->sounds.count), push(written_down, (i32)count);
    push(written_down, (i32)known->profile), push(written_down, (i32)known->group);
    push(written_down, (i32)heard.is_open);
    for (u32 at = 0; at < count; at++) push_byte(&language->sounds, sounds[at]);
    u32 lacks = flags & (SMALL | IN_LONG_WORDS | WITH_VOWELS);
    if (count < SHORTEST_COMPOUND) lacks |= IN_LONG_WORDS;
    return compare(&heard, known, lacks, language, numbers_of(&language->letters) + place[FOLDED], (u32)place[FOLDED_LENGTH]);
}

/* The words of the article that is read, by number. */
static Row article_words;

/* Look up an article's words: where each begins and ends, and the letters. Answers with where words stand that were never
 * heard, and returns how many.
 */
EXPORT u32 look_up(u32 number, u32 count, u32 letters) {
    Language *language = language_of(number);
    const i32 *from = numbers_of(&input), *to = from + count;
    const u32 *text = (const u32 *)to + count;
    if (((u64)count * 2 + letters) * 4 > input.room) __builtin_trap();
    if (language->known.count > MOST_HEARD) forget(number);
    article_words.count = output.count = 0;
    u32 first = language->words.count;
    for (u32 place = 0; place < count; place++) {
        if (from[place] < 0 || from[place] > to[place] || (u32)to[place] > letters) __builtin_trap();
        u64 sum = sum_of_letters(text + from[place], (u32)(to[place] - from[place]));
        u32 word = value_of(&language->known, sum);
        if (!word) {
            word = first + output.count + 1;
            set_value(&language->known, sum, word);
            push(&output, (i32)place);
        }
        push(&article_words, (i32)word - 1);
    }
    return output.count;
}

/* Hear the words that were never heard: flags of each; for each way to say one the number of its word, the script, flags;
 * then all ways, a line each; then the words, folded, a line each, empty for runs.
 */
EXPORT void hear(u32 number, u32 words, u32 count, u32 letters, u32 more, u32 has_names) {
    Language *language = language_of(number);
    const i32 *in = numbers_of(&input);
    const i32 *ways = in + words;
    const u32 *text = (const u32 *)ways + count * 3, *folded = text + letters, *last = folded + more;
    if (((u64)words + count * 3 + letters + more) * 4 > input.room) __builtin_trap();
    u32 from = 0, at = 0;
    for (u32 word = 0; word < words; word++) {
        u32 place = language->heard.count;
        u64 mask = 0;
        i32 own[OF_WORD] = {[FLAGS] = in[word], [FOLDED] = (i32)language->letters.count};
        for (; folded < last && *folded != '\n'; own[FOLDED_LENGTH]++) push(&language->letters, (i32)*folded++);
        folded += folded < last;
        for (u32 n = 0; n < OF_WORD; n++) push(&language->heard, own[n]);
        leading.count = terms.count = 0;
        for (u32 first = at; at < count && (u32)ways[at * 3] == word; at++) {
            u32 end = from;
            while (end < letters && text[end] != '\n') end++;
            if ((u32)ways[at * 3 + 1] >= SCRIPTS) __builtin_trap();
            mask |= hear_one(language, text + from, end - from, (u32)ways[at * 3 + 1], (u32)ways[at * 3 + 2], at == first,
                             (int)has_names, own);
            from = end < letters ? end + 1 : end;
        }
        push(&language->words, (i32)place);
        i32 *heard = numbers_of(&language->heard) + place;
        heard[MASK] = (i32)mask, heard[MASK + 1] = (i32)(mask >> 32);
        heard[SOUNDS] = (i32)((language->heard.count - place - OF_WORD) / OF_SOUND);
        heard[LEADS] = (i32)leading.count, heard[TERMS] = (i32)terms.count;
        for (u32 n = 0; n < leading.count; n++) push(&language->heard, numbers_of(&leading)[n]);
        for (u32 n = 0; n < terms.count; n++) push(&language->heard, numbers_of(&terms)[n]);
    }
}

/* An article: the numbers of its words. */
typedef struct {
    const Language *language;
    const i32 *words;
    u32 count;
} Article;

enum { IS_SMALL = 1, IS_RUN = 2 };
static Row slot_at, tried, tried_ways;

static inline const i32 *heard_at(const Article *article, u32 place) {
    u32 word = (u32)article->words[place];
    if (word >= article->language->words.count) __builtin_trap();
    return numbers_of(&article->language->heard) + numbers_of(&article->language->words)[word];
}

/* The places of a slot, the smallest first, behind their count. */
static const i32 *places_of(u32 slot) {
    static const i32 nothing[1];
    u32 at = slot < slot_at.count ? (u32)numbers_of(&slot_at)[slot] : 0;
    return at ? numbers_of(&input) + at : nothing;
}

/* Which of the places is the first that is not before one. */
static i32 first_from(const i32 *places, i32 place) {
    i32 low = 0, high = places[0];
    while (low < high) {
        i32 middle = (low + high) / 2;
        if (places[1 + middle] < place) low = middle + 1;
        else high = middle;
    }
    return low;
}

static int is_there(u32 slot, i32 place) {
    const i32 *places = places_of(slot);
    i32 at = first_from(places, place);
    return at < places[0] && places[1 + at] == place;
}

/* Whether the word at a place may be a word of rules. */
static int is_alike(const Article *article, u32 number, u32 place) {
    const i32 *heard = heard_at(article, place);
    const Word *word = word_at(number);
    u64 mask = (u32)heard[MASK] | (u64)(u32)heard[MASK + 1] << 32;
    if (!(mask & word->mask)) return 0;
    for (i32 n = 0; n < heard[SOUNDS]; n++) {
        const i32 *sound = heard + OF_WORD + n * OF_SOUND;
        if ((u32)sound[GROUP] < word->group) continue;
        Heard said = {.length = (u32)sound[LENGTH], .profile = (u32)sound[PROFILE], .is_open = (u32)sound[OPEN],
                      .sounds = bytes_of(&article->language->sounds) + sound[AT]};
        listen_to(&said);
        const i32 *letters = numbers_of(&article->language->letters) + heard[FOLDED];
        if (is_heard(word, &said, article->language, letters, (u32)heard[FOLDED_LENGTH])) return 1;
    }
    return 0;
}

static int is_any(const Article *article, const i32 *slot, u32 place) {
    for (i32 n = 0; n < slot[1]; n++)
        if (is_alike(article, (u32)slot[2 + n], place)) return 1;
    return 0;
}

static void found(i32 term, i32 place) { push(&output, term), push(&output, place); }

/* Write the places of the words next to one, and those behind words that do not count; of a run that one, too. */
static u32 neighbours(const Article *article, u32 place, u32 *near) {
    u32 count = 0;
    if (heard_at(article, place)[FLAGS] & IS_RUN) near[count++] = place;
    for (i32 step = -1; step <= 1; step += 2) {
        for (i32 at = (i32)place + step; at >= 0 && at < (i32)article->count && count < 256; at += step) {
            near[count++] = (u32)at;
            if (!(heard_at(article, (u32)at)[FLAGS] & IS_SMALL)) break;
        }
    }
    return count;
}

/* Note a way of which a word is several words, and what of it stands around. */
static void find_around(const Article *article, u32 number, u32 place) {
    const i32 *way = way_of(number), *slot = way + OF_WAY;
    i32 reach_ = NEAR_BY * way[SLOTS], from = (i32)place - reach_, to = (i32)place + reach_ + 1;
    found(way[TERM], (i32)place);
    if (way[SLOTS] <= 2) return;
    for (i32 n = 0; n < way[SLOTS]; n++, slot += 2 + slot[1])
        for (i32 near = from < 0 ? 0 : from; near < to && near < (i32)article->count; near++)
            if (is_there((u32)slot[0], near) || is_any(article, slot, (u32)near)) found(way[TERM], near);
}

/* Note a way of two words if the other one stands beside a place where the leading one does. */
static void find_beside(const Article *article, u32 number, u32 place, int is_literal) {
    const i32 *way = way_of(number), *other = way + OF_WAY;
    other += 2 + other[1];
    u32 near[257], count = neighbours(article, place, near);
    for (u32 n = 0; n < count; n++) {
        if ((!is_literal && is_there((u32)other[0], (i32)near[n])) ||
            is_any(article, other, near[n])) {
            found(way[TERM], (i32)place);
            found(way[TERM], (i32)near[n]);
        }
    }
}

/* Whether any other word of a way stands beside a place. */
static int has_beside(const Article *article, const i32 *way, u32 place) {
    u32 near[257], count = neighbours(article, place, near);
    const i32 *slot = way + OF_WAY;
    for (i32 at = 1; at < way[SLOTS]; at++) {
        slot += 2 + slot[1];
        for (u32 n = 0; n < count; n++)
            if (is_there((u32)slot[0], (i32)near[n]) || is_any(article, slot, near[n])) return 1;
    }
    return 0;
}

/* Note a way of more than two words if every word stands near a place. */
static void find_long(const Article *article, u32 number, u32 place) {
    const i32 *way = way_of(number), *slot = way + OF_WAY;
    i32 reach_ = NEAR_BY * way[SLOTS], from = (i32)place - reach_, to = (i32)place + reach_ + 1;
    if (from < 0) from = 0;
    if (to > (i32)article->count) to = (i32)article->count;
    u32 before = output.count;
    for (i32 literal = 1; literal >= 0; literal--) { /* what may fail first, and costs little */
        slot = way + OF_WAY;
        for (i32 n = 0; n < way[SLOTS]; n++, slot += 2 + slot[1]) {
            const i32 *places = places_of((u32)slot[0]);
            i32 at = first_from(places, from);
            int is_answered = at < places[0] && places[1 + at] < to;
            if (literal) {
                if (!is_answered && !slot[1]) return;
                continue;
            }
            for (; at < places[0] && places[1 + at] < to; at++) found(way[TERM], places[1 + at]);
            for (i32 near = from; near < to; near++) {
                if (is_any(article, slot, (u32)near)) found(way[TERM], near), is_answered = 1;
            }
            if (!is_answered) {
                output.count = before;
                return;
            }
        }
    }
    found(way[TERM], (i32)place);
}

static void led(const Article *article, u32 number, u32 place, int is_literal) {
    const i32 *way = way_of(number);
    if (way[SLOTS] <= 2) {
        find_beside(article, number, place, is_literal);
        return;
    }
    if (!is_literal && !has_beside(article, way, place)) return;
    reach(&tried, number);
    i32 *times = &numbers_of(&tried)[number];
    if (!*times) push(&tried_ways, (i32)number);
    if ((u32)*times < MOST_PLACES) {
        ++*times;
        find_long(article, number, place);
    }
}

/* Whether a word goes on, behind a link, with what sounds like a word of rules. */
static int goes_on(const Article *article, u32 number, const u32 *rest, u32 length) {
    for (u32 n = 0; n < links_known; n++) {
        u32 size = link_lengths[n], same = 0, script = 0;
        if (length < size + SHORTEST_REST) continue;
        while (same < size && rest[same] == link_letters[n][same]) same++;
        if (same < size) continue;
        for (u32 at = size; at < length && !script; at++) script = rest[at] < LETTERS ? script_of[rest[at]] : 0;
        u8 sounds[MOST_SOUNDS];
        u32 count = to_sounds(rest + size, length - size, script, (int)article->language->j_is_i, sounds);
        Heard heard = {.length = count, .profile = scripts[script].profile, .sounds = sounds};
        listen_to(&heard);
        if (is_near(wanted_at(word_at(number)->wanted), &heard, &article->language->endings, 0)) return 1;
    }
    return 0;
}

/* Note ways of which a word begins with a slot's word and goes on with a cognate of another one's. */
static void find_compounds(const Article *article, u32 slot, i32 place, const u32 *rest, u32 length) {
    Row *both[2] = {&led_by, &others_by};
    for (u32 n = 0; n < 2; n++) {
        u32 list = slot < both[n]->count ? (u32)numbers_of(both[n])[slot] : 0;
        for (; list; list = rest_of(list)) {
            u32 number = (u32)number_in(list);
            if (!(flags_of(article->language, number) & COUNTS)) continue;
            const i32 *way = way_of(number);
            const i32 *each = way + OF_WAY;
            for (i32 at = 0; at < way[SLOTS]; at++, each += 2 + each[1]) {
                if (each[1] && goes_on(article, (u32)each[2], rest, length)) {
                    find_around(article, number, (u32)place);
                    break;
                }
            }
        }
    }
}

/* Read the article whose words were looked up: how many numbers tell of slots, of beginnings, of letters.
 *
 * In the input: for each slot its number, how many places, and these; for each beginning of a word the slot and the
 * place; what is left of these words, a line each. Returns how many terms were found, each with a place.
 */
EXPORT u32 read(u32 number, u32 slots, u32 begun, u32 letters) {
    const i32 *in = numbers_of(&input);
    u32 count = article_words.count;
    if (((u64)slots + begun + letters) * 4 > input.room) __builtin_trap();
    Article article = {language_of(number), numbers_of(&article_words), count};
    output.count = tried_ways.count = 0;
    for (u32 at = 0; at < slots; at += 2 + (u32)in[at + 1]) {
        reach(&slot_at, (u32)in[at]);
        numbers_of(&slot_at)[in[at]] = (i32)at + 1;
    }
    const u32 *rest = (const u32 *)in + slots + begun, *end = rest + letters;
    for (u32 at = slots; at < slots + begun; at += 2) {
        u32 length = 0;
        while (rest + length < end && rest[length] != '\n') length++;
        find_compounds(&article, (u32)in[at], in[at + 1], rest, length);
        rest += rest + length < end ? length + 1 : length;
    }
    for (u32 place = 0; place < count; place++) {
        const i32 *heard = heard_at(&article, place), *some = heard + OF_WORD + heard[SOUNDS] * OF_SOUND;
        for (i32 n = 0; n < heard[LEADS]; n++) led(&article, (u32)some[n], place, 0);
        for (i32 n = 0; n < heard[TERMS]; n++) find_around(&article, (u32)some[heard[LEADS] + n], place);
    }
    for (u32 at = 0; at < slots; at += 2 + (u32)in[at + 1]) {
        u32 list = (u32)in[at] < led_by.count ? (u32)numbers_of(&led_by)[in[at]] : 0;
        for (; list; list = rest_of(list)) {
            if (!(flags_of(article.language, (u32)number_in(list)) & COUNTS)) continue;
            for (i32 n = 0; n < in[at + 1]; n++)
                led(&article, (u32)number_in(list), (u32)in[at + 2 + (u32)n], 1);
        }
    }
    for (u32 n = 0; n < tried_ways.count; n++) numbers_of(&tried)[numbers_of(&tried_ways)[n]] = 0;
    for (u32 at = 0; at < slots; at += 2 + (u32)in[at + 1]) numbers_of(&slot_at)[in[at]] = 0;
    return output.count / 2;
}

#endif
