using System.Buffers.Binary;

namespace Coracle.Node.Containerd;

/// <summary>
/// The program of the pause container, as the bytes of a static ELF executable that we write ourselves: there is no registry to get one
/// from, and no compiler to ask for. It holds the namespaces of a pod: waits, reaps whatever dies in a shared process namespace where
/// it is process 1, and ends with 0 on SIGTERM or SIGINT.
/// It blocks these signals and fetches them with rt_sigtimedwait. So it needs no handlers; and as process 1 it gets them (the
/// kernel drops what process 1 leaves at the default, but not what it has blocked).
/// </summary>
internal static class PauseProgram
{
    private const ulong LoadAddress = 0x400000;
    private const int HeaderLength = 64 + 56; // the ELF header and one program header

    /*
     * x86-64. The mask holds bit n-1 for signal n: SIGINT 2, SIGTERM 15, SIGCHLD 17 = 0x14002.
     * It is kept on the stack; rsp points to it all the time.
     *
     *  0: 68 02 40 01 00     push   $0x14002
     *  5: 31 ff              xor    %edi,%edi          # SIG_BLOCK
     *  7: 48 89 e6           mov    %rsp,%rsi          # the mask
     *  a: 31 d2              xor    %edx,%edx          # no old mask
     *  c: 41 ba 08 00 00 00  mov    $8,%r10d           # bytes in the mask
     * 12: b8 0e 00 00 00     mov    $14,%eax           # rt_sigprocmask
     * 17: 0f 05              syscall
     * 19: 48 89 e7     wait: mov    %rsp,%rdi          # the mask
     * 1c: 31 f6              xor    %esi,%esi          # no siginfo
     * 1e: 31 d2              xor    %edx,%edx          # no timeout
     * 20: 41 ba 08 00 00 00  mov    $8,%r10d
     * 26: b8 80 00 00 00     mov    $128,%eax          # rt_sigtimedwait
     * 2b: 0f 05              syscall
     * 2d: 83 f8 11           cmp    $17,%eax           # SIGCHLD
     * 30: 74 0d              je     reap
     * 32: 85 c0              test   %eax,%eax
     * 34: 78 e3              js     wait               # interrupted, as by a stop and continue
     * 36: 31 ff              xor    %edi,%edi
     * 38: b8 e7 00 00 00     mov    $231,%eax          # exit_group(0)
     * 3d: 0f 05              syscall
     * 3f: 48 83 cf ff  reap: or     $-1,%rdi           # any child
     * 43: 31 f6              xor    %esi,%esi          # no status
     * 45: ba 01 00 00 00     mov    $1,%edx            # WNOHANG
     * 4a: 45 31 d2           xor    %r10d,%r10d        # no rusage
     * 4d: b8 3d 00 00 00     mov    $61,%eax           # wait4
     * 52: 0f 05              syscall
     * 54: 85 c0              test   %eax,%eax
     * 56: 7f e7              jg     reap               # one was reaped: there may be more
     * 58: eb bf              jmp    wait
     */
    private static ReadOnlySpan<byte> X64 =>
    [
        0x68, 0x02, 0x40, 0x01, 0x00, 0x31, 0xff, 0x48, 0x89, 0xe6, 0x31, 0xd2, 0x41, 0xba, 0x08, 0x00, 0x00, 0x00,
        0xb8, 0x0e, 0x00, 0x00, 0x00, 0x0f, 0x05,
        0x48, 0x89, 0xe7, 0x31, 0xf6, 0x31, 0xd2, 0x41, 0xba, 0x08, 0x00, 0x00, 0x00, 0xb8, 0x80, 0x00, 0x00, 0x00, 0x0f, 0x05,
        0x83, 0xf8, 0x11, 0x74, 0x0d, 0x85, 0xc0, 0x78, 0xe3, 0x31, 0xff, 0xb8, 0xe7, 0x00, 0x00, 0x00, 0x0f, 0x05,
        0x48, 0x83, 0xcf, 0xff, 0x31, 0xf6, 0xba, 0x01, 0x00, 0x00, 0x00, 0x45, 0x31, 0xd2, 0xb8, 0x3d, 0x00, 0x00, 0x00, 0x0f, 0x05,
        0x85, 0xc0, 0x7f, 0xe7, 0xeb, 0xbf,
    ];

    /*
     * AArch64, the same steps; words are little-endian.
     *
     *  0: d2880041        mov   x1, #0x4002
     *  4: f2a00021        movk  x1, #1, lsl #16       // x1 = 0x14002
     *  8: f81f0fe1        str   x1, [sp, #-16]!       // the mask, at sp from here on
     *  c: d2800000        mov   x0, #0                // SIG_BLOCK
     * 10: 910003e1        mov   x1, sp
     * 14: d2800002        mov   x2, #0
     * 18: d2800103        mov   x3, #8
     * 1c: d28010e8        mov   x8, #135              // rt_sigprocmask
     * 20: d4000001        svc   #0
     * 24: 910003e0  wait: mov   x0, sp
     * 28: d2800001        mov   x1, #0
     * 2c: d2800002        mov   x2, #0
     * 30: d2800103        mov   x3, #8
     * 34: d2801128        mov   x8, #137              // rt_sigtimedwait
     * 38: d4000001        svc   #0
     * 3c: f100441f        cmp   x0, #17               // SIGCHLD
     * 40: 540000a0        b.eq  reap
     * 44: b7ffff00        tbnz  x0, #63, wait         // interrupted
     * 48: d2800000        mov   x0, #0
     * 4c: d2800bc8        mov   x8, #94               // exit_group(0)
     * 50: d4000001        svc   #0
     * 54: 92800000  reap: mov   x0, #-1
     * 58: d2800001        mov   x1, #0
     * 5c: d2800022        mov   x2, #1                // WNOHANG
     * 60: d2800003        mov   x3, #0
     * 64: d2802088        mov   x8, #260              // wait4
     * 68: d4000001        svc   #0
     * 6c: f100001f        cmp   x0, #0
     * 70: 54ffff2c        b.gt  reap
     * 74: 17ffffec        b     wait
     */
    private static ReadOnlySpan<uint> Arm64 =>
    [
        0xd2880041, 0xf2a00021, 0xf81f0fe1, 0xd2800000, 0x910003e1, 0xd2800002, 0xd2800103, 0xd28010e8, 0xd4000001,
        0x910003e0, 0xd2800001, 0xd2800002, 0xd2800103, 0xd2801128, 0xd4000001, 0xf100441f, 0x540000a0, 0xb7ffff00,
        0xd2800000, 0xd2800bc8, 0xd4000001,
        0x92800000, 0xd2800001, 0xd2800022, 0xd2800003, 0xd2802088, 0xd4000001, 0xf100001f, 0x54ffff2c, 0x17ffffec,
    ];

    private const ushort MachineX64 = 62;
    private const ushort MachineArm64 = 183;

    /// <param name="architecture">As OCI images name it: amd64 or arm64.</param>
    public static byte[] Executable(string architecture) => architecture switch
    {
        "amd64" => Elf(MachineX64, X64),
        "arm64" => Elf(MachineArm64, LittleEndian(Arm64)),
        _ => throw new PlatformNotSupportedException($"no pause program for {architecture}"),
    };

    private static byte[] LittleEndian(ReadOnlySpan<uint> words)
    {
        var bytes = new byte[words.Length * 4];
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * 4), words[i]);
        return bytes;
    }

    /// <summary>One segment, readable and executable, that holds the whole file; the code follows the headers.</summary>
    private static byte[] Elf(ushort machine, ReadOnlySpan<byte> code)
    {
        var file = new byte[HeaderLength + code.Length];
        var span = file.AsSpan();
        ReadOnlySpan<byte> identification = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]; // 64 bits, little-endian, version 1
        identification.CopyTo(span);
        Half(16, 2); // e_type: executable
        Half(18, machine);
        Word(20, 1); // e_version
        Long(24, LoadAddress + HeaderLength); // e_entry
        Long(32, 64); // e_phoff: the program header follows
        Half(52, 64); // e_ehsize
        Half(54, 56); // e_phentsize
        Half(56, 1); // e_phnum
        Half(58, 64); // e_shentsize, with no sections
        Word(64, 1); // p_type: load
        Word(68, 5); // p_flags: read, execute
        Long(80, LoadAddress); // p_vaddr (p_offset before it is 0)
        Long(88, LoadAddress); // p_paddr
        Long(96, (ulong)file.Length); // p_filesz
        Long(104, (ulong)file.Length); // p_memsz
        Long(112, 0x1000); // p_align
        code.CopyTo(span[HeaderLength..]);
        return file;

        void Half(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);
        void Word(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        void Long(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
    }
}
