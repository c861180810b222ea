using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Coracle.Node.Cri;

/// <summary>Which file an open file is, whatever its name: device and inode.</summary>
internal static partial class FileIdentity
{
    private const int AT_EMPTY_PATH = 0x1000;
    private const uint STATX_INO = 0x100;

    public static (uint Major, uint Minor, ulong Inode) Of(FileStream file)
    {
        // struct statx: the inode at 32, the device's numbers at 136 and 140; the same on every architecture.
        var result = new byte[256];
        if (statx(file.SafeFileHandle, "", AT_EMPTY_PATH, STATX_INO, result) != 0)
            throw new IOException($"statx failed: {Marshal.GetLastPInvokeErrorMessage()}");
        return (MemoryMarshal.Read<uint>(result.AsSpan(136)), MemoryMarshal.Read<uint>(result.AsSpan(140)), MemoryMarshal.Read<ulong>(result.AsSpan(32)));
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(SafeFileHandle directory, string path, int flags, uint mask, [Out] byte[] result);
}
