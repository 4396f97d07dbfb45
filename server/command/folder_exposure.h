// What of a data folder is open to others than its owner and root: told to the operator, who may have wanted it so; the
// server changes no rights but those of what it makes.
#ifndef LOGS_SERVER_COMMAND_FOLDER_EXPOSURE_H_
#define LOGS_SERVER_COMMAND_FOLDER_EXPOSURE_H_

#include <sys/types.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace logs_server {

// A sentence each, with what mends it: rights and owner of the folder, of its files if the folder lets others through,
// and of the folders above it, in which another could be put into its place. `self`: the user that it should belong to.
// Empty when there is nothing to tell, or no such folder.
std::vector<std::string> folder_exposure(const std::string& data_folder, uid_t self = ::geteuid());

}  // namespace logs_server

#endif  // LOGS_SERVER_COMMAND_FOLDER_EXPOSURE_H_
