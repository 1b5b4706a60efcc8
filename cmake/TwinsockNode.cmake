# twinsock_add_node_image: a program on its own kernel and lwIP, for the simulator to load.
#
#   twinsock_add_node_image(NAME thermometer PROFILE default SOURCES thermometer.cpp)
#   … [LIBRARIES lib…] [INCLUDES dir…] [DEFINITIONS NAME=VALUE…]
#
# makes thermometer.node in the current binary directory. Exactly one source defines the program
# (TWINSOCK_PROGRAM, twinsock/program.hpp), as in a firmware image. PROFILE is one of tiny, default,
# default-messages and large, or a directory with a lwipopts.h of your own: the profile is then
# named after the directory.
# Everything below a program (lwIP, kernel, socket layer) is compiled once for each profile.
# LIBRARIES must be compiled with -fPIC and -fvisibility=hidden, and against the lwip backend.
include_guard(GLOBAL)

set(TWINSOCK_COOP_SWITCH auto CACHE STRING
  "How simulated threads are switched: assembly, ucontext, or auto (assembly where there is one)")
set_property(CACHE TWINSOCK_COOP_SWITCH PROPERTY STRINGS auto assembly ucontext)
set(twinsock_all_profiles tiny default default-messages large)
set(TWINSOCK_PROFILES ${twinsock_all_profiles} CACHE STRING
  "lwIP profiles for which the exchanges' and the tests' node images are built: default, and more")
foreach(profile IN LISTS TWINSOCK_PROFILES)
  if(NOT profile IN_LIST twinsock_all_profiles)
    list(JOIN twinsock_all_profiles ", " allowed)
    message(FATAL_ERROR "TWINSOCK_PROFILES holds '${profile}'; allowed: ${allowed}")
  endif()
endforeach()
if(NOT default IN_LIST TWINSOCK_PROFILES)
  message(FATAL_ERROR "TWINSOCK_PROFILES is '${TWINSOCK_PROFILES}': it must hold default")
endif()
option(TWINSOCK_CHECK_LOCKING "Panic where lwIP's core is called without its lock" OFF)

cmake_path(SET TWINSOCK_NODE_ROOT NORMALIZE ${CMAKE_CURRENT_LIST_DIR}/..)
set_property(GLOBAL PROPERTY TWINSOCK_NODE_ROOT ${TWINSOCK_NODE_ROOT})
set_property(GLOBAL PROPERTY TWINSOCK_NODE_LWIP_DIR ${TWINSOCK_LWIP_SOURCE_DIR})
set_property(GLOBAL PROPERTY TWINSOCK_NODE_PORT_SOURCES
  ${TWINSOCK_CORE_SOURCES} ${TWINSOCK_LWIP_BACKEND_SOURCES})

# The kernel, and lwIP's sys_arch on it, for a node or a board; a board adds kernel/board_loop.cpp.
set(coop ${TWINSOCK_NODE_ROOT}/port/coop)
set_property(GLOBAL PROPERTY TWINSOCK_COOP_KERNEL_SOURCES
  ${coop}/kernel/kernel.cpp ${coop}/kernel/sync.cpp ${coop}/kernel/timer.cpp)
set_property(GLOBAL PROPERTY TWINSOCK_COOP_SYS_ARCH_SOURCES
  ${coop}/sys_arch/checksum.cpp ${coop}/sys_arch/random.cpp ${coop}/sys_arch/sys_arch.cpp)
unset(coop)

# The context switch of the host port, in `result`.
function(twinsock_coop_switch_sources result)
  set(how ${TWINSOCK_COOP_SWITCH})
  if(ARGN)
    set(how ${ARGN})
  endif()
  string(TOLOWER ${CMAKE_SYSTEM_PROCESSOR} processor)
  if(processor MATCHES "^(x86_64|amd64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8)
    set(file fiber_x86_64.cpp)
  elseif(processor MATCHES "^(aarch64|arm64)$")
    set(file fiber_aarch64.cpp)
  else()
    set(file fiber_ucontext.cpp)
  endif()
  if(how STREQUAL "ucontext")
    set(file fiber_ucontext.cpp)
  elseif(how STREQUAL "assembly" AND file STREQUAL "fiber_ucontext.cpp")
    message(FATAL_ERROR "TWINSOCK_COOP_SWITCH is assembly, which there is for x86-64 and aarch64; "
      "this is ${CMAKE_SYSTEM_PROCESSOR}: auto or ucontext")
  elseif(NOT how MATCHES "^(auto|assembly|ucontext)$")
    message(FATAL_ERROR "TWINSOCK_COOP_SWITCH is '${how}': auto, assembly or ucontext")
  endif()
  get_property(root GLOBAL PROPERTY TWINSOCK_NODE_ROOT)
  set(host ${root}/port/coop/host)
  set(${result} ${host}/context.cpp ${host}/${file} PARENT_SCOPE)
endfunction()

function(twinsock_node_flags target)
  target_compile_features(${target} PRIVATE cxx_std_20)
  target_compile_options(${target} PRIVATE
    -fPIC -fvisibility=hidden -fno-plt -fstack-clash-protection
    $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti -fno-threadsafe-statics>
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
endfunction()

# What a profile's sources are compiled against, as an interface target.
function(_twinsock_node_interface profile directory)
  get_property(root GLOBAL PROPERTY TWINSOCK_NODE_ROOT)
  get_property(lwip GLOBAL PROPERTY TWINSOCK_NODE_LWIP_DIR)
  add_library(twinsock_node_${profile}_interface INTERFACE)
  target_include_directories(twinsock_node_${profile}_interface INTERFACE
    ${root}/port/include ${root}/port/lwip/include ${root}/port ${root}/port/coop
    ${root}/port/coop/host ${root}/port/coop/sys_arch ${directory})
  target_include_directories(twinsock_node_${profile}_interface SYSTEM INTERFACE
    ${lwip}/src/include)
  if(TWINSOCK_CHECK_LOCKING)
    target_compile_definitions(twinsock_node_${profile}_interface INTERFACE
      TWINSOCK_CHECK_LOCKING=1)
  endif()
endfunction()

# The compiler, the profile and a hash of what simulator and image must agree on.
function(_twinsock_node_build result profile)
  get_property(root GLOBAL PROPERTY TWINSOCK_NODE_ROOT)
  file(SHA256 ${root}/port/coop/host/node_abi.hpp hash)
  string(SUBSTRING ${hash} 0 12 hash)
  set(${result} "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} ${profile} ${hash}"
    PARENT_SCOPE)
endfunction()

# lwIP, kernel, node glue and socket layer with one profile; `library` is the target's name.
function(_twinsock_node_library library profile directory)
  set(${library} twinsock_node_${profile} PARENT_SCOPE)
  if(TARGET twinsock_node_${profile})
    return()
  endif()
  get_property(root GLOBAL PROPERTY TWINSOCK_NODE_ROOT)
  get_property(lwip GLOBAL PROPERTY TWINSOCK_NODE_LWIP_DIR)
  get_property(port_sources GLOBAL PROPERTY TWINSOCK_NODE_PORT_SOURCES)
  get_property(kernel_sources GLOBAL PROPERTY TWINSOCK_COOP_KERNEL_SOURCES)
  get_property(sys_arch_sources GLOBAL PROPERTY TWINSOCK_COOP_SYS_ARCH_SOURCES)
  if(NOT lwip)
    message(FATAL_ERROR "A node image needs lwIP's sources: set TWINSOCK_LWIP_DIR (in a "
      "checkout of twinsock, tools/setup brings them)")
  endif()
  _twinsock_node_interface(${profile} ${directory})
  _twinsock_node_build(build ${profile})

  set(LWIP_DIR ${lwip})
  file(GLOB lwip_sources CONFIGURE_DEPENDS
    ${lwip}/src/core/*.c ${lwip}/src/core/ipv4/*.c ${lwip}/src/core/ipv6/*.c ${lwip}/src/api/*.c)
  list(APPEND lwip_sources ${lwip}/src/netif/ethernet.c)
  add_library(twinsock_node_${profile}_lwip OBJECT ${lwip_sources})
  target_link_libraries(twinsock_node_${profile}_lwip PRIVATE twinsock_node_${profile}_interface)
  twinsock_node_flags(twinsock_node_${profile}_lwip)
  target_compile_options(twinsock_node_${profile}_lwip PRIVATE
    -Werror=implicit-function-declaration $<$<C_COMPILER_ID:Clang>:-Wno-parentheses-equality>)
  set_target_properties(twinsock_node_${profile}_lwip PROPERTIES C_STANDARD 11)

  twinsock_coop_switch_sources(switch_sources)
  set(host ${root}/port/coop/host)
  add_library(twinsock_node_${profile} STATIC $<TARGET_OBJECTS:twinsock_node_${profile}_lwip>
    ${kernel_sources} ${sys_arch_sources} ${switch_sources} ${port_sources}
    ${host}/node.cpp ${host}/node_net.cpp ${host}/node_role.cpp ${host}/node_tables.cpp)
  target_link_libraries(twinsock_node_${profile} PUBLIC twinsock_node_${profile}_interface)
  target_compile_definitions(twinsock_node_${profile} PRIVATE TWINSOCK_NODE_BUILD="${build}")
  twinsock_portable_code(twinsock_node_${profile})
  twinsock_node_flags(twinsock_node_${profile})
endfunction()

function(_twinsock_node_profile profile directory given)
  get_property(root GLOBAL PROPERTY TWINSOCK_NODE_ROOT)
  if(EXISTS ${root}/port/coop/profiles/${given}/lwipopts.h)
    set(${profile} ${given} PARENT_SCOPE)
    set(${directory} ${root}/port/coop/profiles/${given} PARENT_SCOPE)
    return()
  endif()
  cmake_path(ABSOLUTE_PATH given BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE
    OUTPUT_VARIABLE own)
  if(NOT EXISTS ${own}/lwipopts.h)
    message(FATAL_ERROR "PROFILE is '${given}': tiny, default, default-messages, large, or a "
      "directory that holds a lwipopts.h")
  endif()
  cmake_path(GET own FILENAME name)
  set(${profile} ${name} PARENT_SCOPE)
  set(${directory} ${own} PARENT_SCOPE)
endfunction()

function(twinsock_add_node_image)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;PROFILE" "SOURCES;LIBRARIES;INCLUDES;DEFINITIONS")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_NAME OR NOT arg_SOURCES)
    message(FATAL_ERROR "twinsock_add_node_image takes NAME, SOURCES, and optionally PROFILE, "
      "LIBRARIES, INCLUDES, DEFINITIONS; not '${arg_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT arg_PROFILE)
    set(arg_PROFILE default)
  endif()
  _twinsock_node_profile(profile directory ${arg_PROFILE})
  _twinsock_node_library(library ${profile} ${directory})

  add_library(${arg_NAME} MODULE ${arg_SOURCES})
  twinsock_node_flags(${arg_NAME})
  set_target_properties(${arg_NAME} PROPERTIES PREFIX "" SUFFIX ".node" NO_SONAME ON
    CXX_EXTENSIONS OFF)
  target_include_directories(${arg_NAME} PRIVATE ${arg_INCLUDES})
  target_compile_definitions(${arg_NAME} PRIVATE ${arg_DEFINITIONS})
  target_link_libraries(${arg_NAME} PRIVATE ${arg_LIBRARIES} ${library})
  # The one exported function is the library's, so it must be asked for.
  target_link_options(${arg_NAME} PRIVATE
    -Wl,-z,now,-z,relro,-Bsymbolic -Wl,--undefined=twinsock_node -Wl,--exclude-libs,libgcc.a)
  if(NOT TWINSOCK_SANITIZE AND NOT "${CMAKE_CXX_FLAGS} ${CMAKE_SHARED_LINKER_FLAGS}" MATCHES
     "-fsanitize")
    target_link_options(${arg_NAME} PRIVATE -Wl,--no-undefined)
  endif()
endfunction()
