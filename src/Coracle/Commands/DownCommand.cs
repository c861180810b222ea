using System.CommandLine;
using System.Diagnostics;
using Coracle.Hosting;
using Coracle.Instance;

namespace Coracle.Commands;

/// <summary>coracle down: ends a cluster and all that it has on the machine.</summary>
internal static class DownCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Command Create()
    {
        var data = CommonOptions.DataDirectory();
        var delete = new Option<bool>("--delete-data") { Description = "Delete the data directory as well" };
        var command = new Command("down", "End a cluster, its containers and its network") { data, delete };
        command.SetAction(async (parsed, cancel) => await Run(Path.GetFullPath(parsed.GetValue(data)!), parsed.GetValue(delete), cancel));
        return command;
    }

    /// <summary>1. The process. 2. What its node has on the machine. 3. The data, if asked. Each step copes with what an earlier attempt left.</summary>
    public static async Task<int> Run(string dataDirectory, bool deleteData, CancellationToken cancel)
    {
        if (!Directory.Exists(dataDirectory))
        {
            Console.WriteLine($"nothing to do: there is no {dataDirectory}");
            return 0;
        }
        var record = InstanceRecord.Read(dataDirectory);
        if (record is { IsRunning: true } && !await EndProcess(record, cancel)) return CommonOptions.Fail($"process {record.Pid} does not end");   // 1
        if (Directory.Exists(Path.Combine(dataDirectory, "containerd")))                                                                        // 2
            await MachineNode.RemoveAsync(dataDirectory, NetworkSlot.PodsOf(record?.NetworkSlot ?? 0), TimeProvider.System, line => Console.WriteLine(line), cancel);
        foreach (var left in (ReadOnlySpan<string>)["pods", "logs"])
            if (Directory.Exists(Path.Combine(dataDirectory, left))) Directory.Delete(Path.Combine(dataDirectory, left), recursive: true);
        if (deleteData) Directory.Delete(dataDirectory, recursive: true);                                                                        // 3
        Console.WriteLine(deleteData ? "down, and the data is deleted" : "down");
        return 0;
    }

    private static async Task<bool> EndProcess(InstanceRecord record, CancellationToken cancel)
    {
        using var process = Process.GetProcessById(record.Pid);
        if (Posix.Kill(record.Pid, Posix.SigTerm) != 0) return !record.IsRunning;
        var deadline = DateTime.UtcNow + Patience;
        while (record.IsRunning && DateTime.UtcNow < deadline) await Task.Delay(50, cancel);
        if (!record.IsRunning) return true;
        Posix.Kill(record.Pid, Posix.SigKill);
        await process.WaitForExitAsync(cancel);
        return true;
    }
}

internal static partial class Posix
{
    public const int SigKill = 9;
    public const int SigTerm = 15;

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);
}
