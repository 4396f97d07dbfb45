// Memory that runs out while a body is masked: the body is masked or nothing of it is kept, never something between.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdlib>
#include <limits>
#include <new>
#include <string>
#include <string_view>

#include "src/masking/masker.h"

namespace {

// Of this thread, between arm() and disarm() only: what the test framework allocates does not count.
thread_local bool armed = false;
thread_local std::size_t allocations = 0;
thread_local std::size_t fails_at = 0;

void arm(std::size_t failing) {
  allocations = 0;
  fails_at = failing;
  armed = true;
}
bool disarm_and_say_whether_one_failed() {
  armed = false;
  return allocations > fails_at;
}

void* allocate(std::size_t size) {
  if (armed && allocations++ >= fails_at) throw std::bad_alloc();
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace logs_sdk {
namespace {

struct Body {
  std::string_view type, text;
};

constexpr Body kBodies[] = {
    {"application/json",
     R"({"a":"{\"password\":\"hunter2 hunter2 hunter2\",\"note\":\"a long text password=hunter2\"}"})"},
    {"application/json", R"({"user":"somebody with a long name", "note" "missing", "password":"hunter2"})"},
    {"application/x-www-form-urlencoded", "user=somebody&data=%7B%22password%22%3A%22hunter2%22%7D&token=hunter2"},
    {"multipart/form-data", "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhunter2\r\n--b--"},
    {"application/xml",
     "<login><note>password=&quot;hunter2&quot; and more</note><password>hunter2</password></login>"},
    {"application/graphql",
     R"(mutation { login(note: "say \"password=hunter2\" twice", password: "hunter2") { id } })"},
    {"text/plain", "the login of somebody with password=hunter2 and token: hunter2 went wrong"},
};

TEST(MaskerMemory, a_body_is_masked_or_nothing_of_it_is_kept) {
  const Masker masker({"tenant*"}, {"csrf-token"});
  for (const Body& body : kBodies) {
    std::string whole;
    masker.body(body.type, body.text, Extent::kWhole, whole);
    ASSERT_EQ(whole.find("hunter2"), std::string::npos) << body.text;
    bool failed = true;
    for (std::size_t failing = 0; failed; ++failing) {
      std::string out = "before";
      arm(failing);
      const bool changed = masker.mask_body(body.type, body.text, Extent::kWhole, out);
      failed = disarm_and_say_whether_one_failed();
      ASSERT_TRUE(changed) << body.text;
      ASSERT_EQ(out, failed ? "before" : "before" + whole) << body.text << ", allocation " << failing;
    }
  }
}

}  // namespace
}  // namespace logs_sdk
