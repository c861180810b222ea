using System.Runtime.InteropServices;

namespace Coracle.Node.Containerd;

/// <summary>The system calls that .NET has no word for.</summary>
internal static partial class Posix
{
    public const int SIGTERM = 15;
    public const int SIGKILL = 9;
    private const int MNT_DETACH = 2;
    private const int UMOUNT_NOFOLLOW = 8;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int umount2(string target, int flags);

    /// <summary>False when there is no such process (any more).</summary>
    public static bool Kill(int pid, int signal) => kill(pid, signal) == 0;

    /// <summary>Takes a mount away from its place at once, and from the kernel when its last user has gone.</summary>
    public static bool Unmount(string target) => umount2(target, MNT_DETACH | UMOUNT_NOFOLLOW) == 0;
}
