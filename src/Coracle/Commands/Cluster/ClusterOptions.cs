using System.CommandLine;
using Coracle.Sdk;

namespace Coracle.Commands.Cluster;

/// <summary>The options of every command that talks to a cluster: which one, and which namespace of it.</summary>
internal sealed class ClusterOptions
{
    private readonly Option<string?> _data = new("--data-dir") { Description = "The instance to talk to, by where it lives" };
    private readonly Option<string?> _kubeconfig = new("--kubeconfig") { Description = "The cluster to talk to, by its kubeconfig" };
    private readonly Option<string?> _namespace = new("--namespace", "-n") { Description = "The namespace; that of the kubeconfig unless given" };

    public void AddTo(Command command)
    {
        command.Add(_data);
        command.Add(_kubeconfig);
        command.Add(_namespace);
    }

    /// <summary>Runs a command against the cluster chosen, and tells its failures in kubectl's words.</summary>
    public async Task<int> Run(ParseResult parsed, Func<ClusterSession, Task<int>> command)
    {
        var output = new Terminal();
        try
        {
            await using var session = ClusterSession.Open(Kubeconfig(parsed), parsed.GetValue(_namespace), output);
            return await command(session);
        }
        catch (Exception e) when (Failures.Tell(e) is { } text)
        {
            output.Error(text);
            return 1;
        }
    }

    /// <summary>1. What is named. 2. The instance that is named. 3. KUBECONFIG. 4. The instance in its usual place.</summary>
    private string? Kubeconfig(ParseResult parsed)
    {
        if (parsed.GetValue(_kubeconfig) is { Length: > 0 } named) return named;                                   // 1
        if (parsed.GetValue(_data) is { Length: > 0 } data) return Path.Combine(Path.GetFullPath(data), "kubeconfig"); // 2
        if (Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 }) return null;                       // 3
        return Path.Combine(CommonOptions.DefaultDataDirectory, "kubeconfig");                                      // 4
    }
}
