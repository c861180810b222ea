using System.Diagnostics;

namespace Coracle.Node.Containerd;

/// <summary>The containerd process of an instance: started apart from us, so that it and its pods outlive us, and found again.</summary>
internal static class ContainerdProcess
{
    /// <summary>
    /// Starts it in a session of its own (a Ctrl-C at our terminal is not for it), with its log in a file: a pipe would end with us,
    /// and a write to a pipe without a reader would end it.
    /// </summary>
    public static Process Start(ContainerdLayout layout, string binary)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", "log=$1; shift; exec setsid \"$@\" </dev/null >>\"$log\" 2>&1", "sh", layout.LogPath },
        };
        start.ArgumentList.Add(binary);
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(layout.ConfigPath);
        // It looks for its shim, for runc and for iptables.
        start.Environment["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment.Remove("NOTIFY_SOCKET");
        return Process.Start(start)!;
    }

    /// <summary>The running containerd whose configuration is ours; null when there is none.</summary>
    public static ProcessIdentity? Find(ContainerdLayout layout) => ProcessTable.Pids()
        .Where(pid => IsOurs(ProcessTable.Arguments(pid), layout) && SeesOurFiles(pid, layout))
        .Select(ProcessTable.Identify).FirstOrDefault(process => process is not null);

    private static bool IsOurs(string[] arguments, ContainerdLayout layout) =>
        arguments is [var binary, "-c", var config] && config == layout.ConfigPath && Path.GetFileName(binary) == "containerd";

    /// <summary>A container may have the same path and mean another file by it.</summary>
    internal static bool SeesOurFiles(int pid, ContainerdLayout layout)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/root{layout.ConfigPath}") == File.ReadAllText(layout.ConfigPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Asks it to end, and kills it when it does not. Its pods go on.</summary>
    public static async Task Terminate(ProcessIdentity process, TimeProvider time)
    {
        process.Signal(Posix.SIGTERM);
        if (await process.WaitForExit(TimeSpan.FromSeconds(10), time, CancellationToken.None))
            return;
        process.Signal(Posix.SIGKILL);
        await process.WaitForExit(TimeSpan.FromSeconds(10), time, CancellationToken.None);
    }

    /// <summary>A binary's full path; null when there is none.</summary>
    public static string? Locate(string binary)
    {
        if (binary.Contains('/', StringComparison.Ordinal))
            return File.Exists(binary) ? Path.GetFullPath(binary) : null;
        return $"{Environment.GetEnvironmentVariable("PATH")}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".Split(':')
            .Where(directory => directory.Length > 0).Select(directory => Path.Combine(directory, binary)).FirstOrDefault(File.Exists);
    }
}
