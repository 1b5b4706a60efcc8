// The thread switch: what a callee preserves goes onto the stack, the stack changes, and back.
// Threads and main() run on the process stack, interrupts on the main stack.
  .syntax unified
  .thumb
  .text

// void coop_switch(CoopContext* from, CoopContext* to)
  .section .text.coop_switch, "ax"
  .global coop_switch
  .type coop_switch, %function
  .thumb_func
coop_switch:
#if __ARM_ARCH_ISA_THUMB > 1
  push {r3-r11, lr}              // r3 keeps the stack aligned to 8
#if defined(__ARM_FP)
  mrs r2, control
  tst r2, #4                     // FPCA: this thread has a floating-point state
  itt ne
  vpushne {s16-s31}
  vmrsne r3, fpscr
  push {r2, r3}
#endif
  mov r3, sp
  str r3, [r0]
  ldr r3, [r1]
  ldr r2, [r1, #4]
#if __ARM_ARCH == 8
  movs r0, #0
  msr psplim, r0
  mov sp, r3
  msr psplim, r2
#else
  mov sp, r3
  ldr r0, =0xE000ED9C            // MPU_RBAR: the guard's region number is in the value
  str r2, [r0]
  dsb
#endif
  isb
#if defined(__ARM_FP)
  pop {r2, r3}
  tst r2, #4
  itt ne
  vmsrne fpscr, r3
  vpopne {s16-s31}
  msr control, r2
  isb
#endif
  pop {r3-r11, pc}
#else                            // Armv6-M
  push {r3-r7, lr}
  mov r4, r8
  mov r5, r9
  mov r6, r10
  mov r7, r11
  push {r4-r7}
  mov r3, sp
  str r3, [r0]
  ldr r3, [r1]
  mov sp, r3
  pop {r4-r7}
  mov r8, r4
  mov r9, r5
  mov r10, r6
  mov r11, r7
  pop {r3-r7, pc}
#endif
  .size coop_switch, . - coop_switch

// Where a new thread starts: r4 is its entry, r5 the argument.
  .section .text.coop_thread_start, "ax"
  .global coop_thread_start
  .type coop_thread_start, %function
  .thumb_func
coop_thread_start:
  movs r0, #0
  mov lr, r0                     // ends a debugger's backtrace
  mov r0, r5
  bx r4
  .size coop_thread_start, . - coop_thread_start
