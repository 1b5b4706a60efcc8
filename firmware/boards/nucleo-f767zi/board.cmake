# ST NUCLEO-F767ZI: Cortex-M7 with FPU, 2 MB of flash, 512 KB of RAM, LAN8742A.
set(TWINSOCK_CPU cortex-m7)

# QEMU has no such machine.

# OpenOCD: the flash and debug targets.
set(board_openocd -f board/st_nucleo_f7.cfg)

# The board is also a USB drive: an image copied there is written to the flash.
set(board_flash_drive_path image.bin)
set(board_flash_note "the drive is called NODE_F767ZI or alike")
