namespace Coracle.Node.Containerd;

/// <summary>What a <see cref="ContainerdInstance"/> is to be.</summary>
public sealed record ContainerdOptions
{
    /// <summary>Everything of the instance lives below <c>DataDirectory/containerd</c> (but for a few things that containerd keeps elsewhere, see <see cref="ContainerdLayout"/>).</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Found through PATH when without a slash.</summary>
    public string Binary { get; init; } = "containerd";

    /// <summary>
    /// A command that runs the command which follows it, such as <c>nsenter --net=/run/netns/n1</c>: for a node in namespaces of its
    /// own. It must end up being containerd (exec), not its parent. Empty: none.
    /// </summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];

    /// <summary>The OCI runtime that runs pods: runc, crun or a path to one.</summary>
    public string OciRuntime { get; init; } = "runc";

    /// <summary>Further runtime handlers by name, to the path of an OCI runtime each (for RuntimeClass).</summary>
    public IReadOnlyDictionary<string, string> RuntimeHandlers { get; init; } = new Dictionary<string, string>();

    public string CniBinDirectory { get; init; } = "/usr/lib/cni";

    /// <summary>
    /// The CNI conflist, as JSON; null leaves the network to who writes <see cref="ContainerdLayout.CniConfDirectory"/> (the node is
    /// NetworkReady once it has). <see cref="CniConflist"/> makes the usual one.
    /// </summary>
    public string? CniConflist { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told what happens to the process: started, died, restarted. One line each.</summary>
    public Action<string> Log { get; init; } = _ => { };
}
