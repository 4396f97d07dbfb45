// Text of any kind through every entrance of the masker; a secret that stands whole in a named place never comes out.
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/masking/masker.h"

namespace {

using logs_sdk::Extent;
using logs_sdk::Masker;

// Digits and letters only: no form of text can end such a value early.
std::string word_of(std::string_view text) {
  std::string word;
  for (const char c : text)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) word += c;
  return word;
}

void expect_hidden(const std::string& masked, const std::string& secret) {
  if (masked.find(secret) != std::string::npos) std::abort();
}

// The secret stands in a named place of its own, hostile text after it.
void check_secret(const Masker& masker, std::string_view hostile) {
  const std::string secret = "s3cret" + word_of(hostile.substr(0, 16)) + "x";
  if (hostile.find(secret) != std::string_view::npos) return;  // it stands elsewhere as well, where nothing names it
  std::string out;
  masker.query("password=" + secret + "&" + std::string(hostile), out);
  expect_hidden(out, secret);
  out.clear();
  masker.header("X-Api-Key", secret, out);
  expect_hidden(out, secret);
  out.clear();
  masker.url("https://user:" + secret + "@host/p?access_token=" + secret, out);
  expect_hidden(out, secret);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Masker masker({"tenant*"}, {"csrf-token"});
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view name = text.substr(0, size < 8 ? size : 8);
  for (const Extent extent : {Extent::kWhole, Extent::kCut}) {
    std::string out;
    masker.text(text, out, extent);
    masker.query(text, out, extent);
    for (const char* type : {"application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b",
                             "text/plain", "application/octet-stream"})
      masker.body(type, text, extent, out);
  }
  std::string out;
  masker.url(text, out);
  masker.header(name, text, out);
  masker.header("Cookie", text, out);
  masker.header("Referer", text, out);
  masker.value(name, text, out);
  check_secret(masker, text);
  return 0;
}
