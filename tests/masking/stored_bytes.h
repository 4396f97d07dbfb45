// Every byte that a folder keeps, to be searched for what must not be there.
#ifndef LOGS_SDK_TESTS_MASKING_STORED_BYTES_H_
#define LOGS_SDK_TESTS_MASKING_STORED_BYTES_H_

#include <string>

namespace logs_sdk {

// All files below `folder`, one after the other.
std::string bytes_of_files(const std::string& folder);

// The same of a server's data folder, and the documents that its store holds packed.
std::string bytes_of_store(const std::string& data_folder);

}  // namespace logs_sdk

#endif  // LOGS_SDK_TESTS_MASKING_STORED_BYTES_H_
