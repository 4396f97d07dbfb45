// docs/adapters.md: one section per adapter, made of its description and of the cases that assert each row.
//
// The page is in the tree; a test of each adapter's program compares its section with what is made here, and
// `<program> --write-page` puts it there.
#ifndef LOGS_SDK_TESTS_CONFORMANCE_ADAPTER_PAGE_H_
#define LOGS_SDK_TESTS_CONFORMANCE_ADAPTER_PAGE_H_

#include <gtest/gtest.h>

#include <string>

#include "tests/conformance/adapter_under_test.h"

namespace logs_sdk::conformance {

// Markdown, from the line that begins the section to the line that ends it.
std::string page_section(const AdapterDescription& adapter);

// `page` with the section in place of the one of the same adapter, or after all others.
std::string page_with(std::string page, const AdapterDescription& adapter);

class AdapterPageTest : public ::testing::TestWithParam<AdapterDescription> {
 public:
  static inline bool write = false;  // set by main: make the page instead of comparing it
};

}  // namespace logs_sdk::conformance

#endif  // LOGS_SDK_TESTS_CONFORMANCE_ADAPTER_PAGE_H_
