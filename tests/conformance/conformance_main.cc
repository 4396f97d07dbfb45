// One program per adapter. `--write-page` makes the adapter's section of docs/adapters.md.
#include <gtest/gtest.h>

#include <string_view>

#include "tests/conformance/adapter_page.h"

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  if (argc == 2 && std::string_view(argv[1]) == "--write-page") {
    logs_sdk::conformance::AdapterPageTest::write = true;
    ::testing::GTEST_FLAG(filter) = "*AdapterPageTest*";
  }
  return RUN_ALL_TESTS();
}
