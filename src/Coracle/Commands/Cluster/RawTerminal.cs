using System.Runtime.InteropServices;
using System.Threading.Channels;
using Coracle.Sdk;
using Microsoft.Win32.SafeHandles;

namespace Coracle.Commands.Cluster;

/// <summary>
/// The terminal of the standard input while a program elsewhere owns it: every key goes there as it is, and every change of size is told. Disposing gives it back as it
/// was.
/// </summary>
internal sealed partial class RawTerminal : IDisposable
{
    private const nuint GetWindowSize = 0x5413; // TIOCGWINSZ of Linux

    // Larger than termios is on any system.
    private const int TermiosBytes = 256;

    private readonly byte[] _before = new byte[TermiosBytes];
    private readonly Channel<TerminalSize> _sizes = Channel.CreateBounded<TerminalSize>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly PosixSignalRegistration _resized;
    private bool _disposed;

    private RawTerminal()
    {
        _ = GetAttributes(0, _before);
        var raw = (byte[])_before.Clone();
        MakeRaw(raw);
        _ = SetAttributes(0, 0, raw);
        _resized = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => TellSize());
        TellSize();
    }

    public ChannelReader<TerminalSize> Sizes => _sizes.Reader;

    public static RawTerminal Enter() => new();

    /// <summary>The standard input as it is. The console's own stream reads lines and echoes them, when it is a terminal.</summary>
    public static Stream OpenInput() => new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);

    private void TellSize()
    {
        var size = new ushort[4]; // rows, columns, and two that nobody sets
        if (Control(0, GetWindowSize, size) == 0 && size[1] > 0) _sizes.Writer.TryWrite(new(size[1], size[0]));
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _resized.Dispose();
        _sizes.Writer.TryComplete();
        _ = SetAttributes(0, 0, _before);
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    private static partial int GetAttributes(int file, [In, Out] byte[] termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static partial int SetAttributes(int file, int when, byte[] termios);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int file, nuint request, [In, Out] ushort[] argument);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw([In, Out] byte[] termios);
}
