# How every target of the project is compiled.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Warnings, sanitizers and the feature level, for C and C++ targets.
function(eg_target target)
  target_compile_definitions(${target} PRIVATE _POSIX_C_SOURCE=200809L _FILE_OFFSET_BITS=64)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wshadow -Wvla -Wformat=2
    $<$<COMPILE_LANGUAGE:C>:-Wconversion -Wmissing-prototypes -Wstrict-prototypes>)
  if(EG_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(EG_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${EG_SANITIZE} -fno-omit-frame-pointer
      -fno-sanitize-recover=all)
    target_link_options(${target} PRIVATE -fsanitize=${EG_SANITIZE})
  endif()
endfunction()

# One step of the core's line: an object library over common/.
function(eg_core_library target)
  eg_target(${target})
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/common)
endfunction()

# A module that is loaded as `name`.so: a plugin of Wireshark, or a part of the program.
function(eg_module target name)
  eg_target(${target})
  set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME ${name})
  target_compile_definitions(${target} PRIVATE EG_VERSION="${PROJECT_VERSION}")
  # Nothing may be missing when it is loaded, but clang's sanitizers, which are in the program.
  if(NOT (EG_SANITIZE AND CMAKE_C_COMPILER_ID MATCHES Clang))
    target_link_options(${target} PRIVATE -Wl,-z,defs)
  endif()
endfunction()

# eg_unit_test(name LIBRARIES steps...): tests/unit/<name>.cpp as one CTest test.
function(eg_unit_test name)
  cmake_parse_arguments(ARG "" "" "LIBRARIES" ${ARGN})
  add_executable(${name} ${name}.cpp)
  eg_target(${name})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support)
  target_link_libraries(${name} PRIVATE ${ARG_LIBRARIES} GTest::gtest_main)
  add_test(NAME unit.${name} COMMAND ${name})
  set_tests_properties(unit.${name} PROPERTIES
    SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]"
    ENVIRONMENT "EGSHARK_SAMPLES=${EGSHARK_SAMPLES}")
endfunction()
