# TI Stellaris EK-LM3S6965: Cortex-M3, 256 KB of flash, 64 KB of RAM, Ethernet on chip.
set(TWINSOCK_CPU cortex-m3)

# QEMU: the machine's name and its Ethernet model.
set(board_qemu_machine lm3s6965evb)
set(board_qemu_nic stellaris)

# OpenOCD: the flash and debug targets.
set(board_openocd -f board/ek-lm3s6965.cfg)

# Its flash is small.
set(board_short_panics ON)

# The conformance cases do not fit its flash at once; their scratch memory is what RAM allows.
set(board_conformance_images 3)
set(board_conformance_scratch 8192)
