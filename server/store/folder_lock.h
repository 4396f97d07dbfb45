// FolderLock: at most one server uses a data folder.
//
// An open-file-description lock (fcntl(2), F_OFD_SETLK) on `<folder>/lock`: held until the object is destroyed or the
// process dies in any way; the file itself stays and names its last owner for the message.
#ifndef LOGS_SERVER_STORE_FOLDER_LOCK_H_
#define LOGS_SERVER_STORE_FOLDER_LOCK_H_

#include <memory>
#include <string>

#include "src/base/status.h"

namespace logs_server {

class FolderLock {
 public:
  // kConfiguration: another server holds it, or the file cannot be made.
  static logs_sdk::Result<std::unique_ptr<FolderLock>> acquire(const std::string& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}

  const int descriptor_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_STORE_FOLDER_LOCK_H_
