// Mutators of libFuzzer that know JSON: they keep a document (mostly) well formed while white space, nesting, members,
// numbers, strings and escapes vary, so that what comes after the first look at it is reached. JSON within the strings
// of JSON is changed the same way.
//
// A fuzzer takes one by defining LLVMFuzzerCustomMutator, in one line, with the layout of its input. What is no JSON in
// it is left to libFuzzer's own mutations, which know the dictionary.
#ifndef LOGS_SDK_FUZZ_SUPPORT_JSON_MUTATOR_H_
#define LOGS_SDK_FUZZ_SUPPORT_JSON_MUTATOR_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace logs_sdk::fuzz {

enum class Layout {
  kJson,         // one document
  kLines,        // input_lines.h; JSON are the values that look like it
  kHeadAndJson,  // text, an empty line, one document
};

// What LLVMFuzzerCustomMutator does.
std::size_t mutate_input(Layout layout, std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed);

// One to three changes of a document.
void mutate_json(std::string& text, std::size_t max_size, std::minstd_rand& random);

// Head and document of an input of kHeadAndJson.
struct HeadAndJson {
  std::string_view head, json;
};
HeadAndJson split_input(std::string_view input);

}  // namespace logs_sdk::fuzz

#endif  // LOGS_SDK_FUZZ_SUPPORT_JSON_MUTATOR_H_
