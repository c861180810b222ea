using System.Globalization;
using Coracle.Node.Agent;
using Coracle.Node.Cri;
using Coracle.Node.Cri.V1;

namespace Coracle.Node.Pods;

/// <summary>
/// Keeps the logs of containers from filling the disk: one that has grown large gets a new file, and of the old ones the latest few are kept (upstream:
/// pkg/kubelet/logs/container_log_manager.go; containerLogMaxSize, containerLogMaxFiles).
/// </summary>
internal sealed class LogRotation(NodeOptions options, Action<string, Exception?> log)
{
    public async Task RunAsync(CancellationToken cancel)
    {
        if (options.DataDirectory.Length == 0) return;
        while (!cancel.IsCancellationRequested)
        {
            await Task.Delay(options.LogLookPeriod, options.Clock, cancel);
            try
            {
                await Rotate(cancel);
            }
            catch (Exception e) when (e is GrpcException or IOException or UnauthorizedAccessException)
            {
                log($"logs could not be rotated: {e.Message}", e);
            }
        }
    }

    private async Task Rotate(CancellationToken cancel)
    {
        var running = new ContainerFilter { State = new ContainerStateValue { State = CriContainerState.ContainerRunning } };
        foreach (var container in await options.Runtime.ListContainers(running, cancel))
        {
            if (container.State != CriContainerState.ContainerRunning) continue;
            if (await options.Runtime.ContainerStatus(container.Id, false, cancel) is not { Status.LogPath: { Length: > 0 } path }) continue;
            if (new FileInfo(path) is { Exists: true, Length: var length } && length >= options.LogBytesMax) await Rotate(container.Id, path, cancel);
        }
    }

    // The runtime goes on writing to the renamed file until it is told of the new one: nothing is lost.
    private async Task Rotate(string id, string path, CancellationToken cancel)
    {
        var old = $"{path}.{options.Clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}";
        File.Move(path, old, overwrite: true);
        try
        {
            await options.Runtime.ReopenContainerLog(id, cancel);
        }
        catch (GrpcException)
        {
            if (!File.Exists(path)) File.Move(old, path);
            throw;
        }
        var kept = Directory.EnumerateFiles(Path.GetDirectoryName(path)!).Where(f => f.StartsWith(path + ".", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        foreach (var tooOld in kept.Take(Math.Max(0, kept.Count - (options.LogFilesMax - 1)))) File.Delete(tooOld);
    }
}
