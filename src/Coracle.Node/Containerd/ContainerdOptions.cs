namespace Coracle.Node.Containerd;

/// <summary>What a <see cref="ContainerdInstance"/> is to be.</summary>
public sealed record ContainerdOptions
{
    /// <summary>Everything of the instance lives below <c>DataDirectory/containerd</c> (but for a few things that containerd keeps elsewhere, see <see cref="ContainerdLayout"/>).</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Found through PATH when without a slash.</summary>
    public string Binary { get; init; } = "containerd";

    /// <summary>The OCI runtime that runs pods: runc, crun or a path to one.</summary>
    public string OciRuntime { get; init; } = "runc";

    /// <summary>Further runtime handlers by name, to the path of an OCI runtime each (for RuntimeClass).</summary>
    public IReadOnlyDictionary<string, string> RuntimeHandlers { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The CNI plugins. Their configuration is for others to write, to <see cref="ContainerdLayout.CniConfDirectory"/>: until
    /// then, and no longer, the runtime is not NetworkReady.
    /// </summary>
    public string CniBinDirectory { get; init; } = "/usr/lib/cni";

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told what happens to the process: started, died, restarted. One line each.</summary>
    public Action<string> Log { get; init; } = _ => { };
}
