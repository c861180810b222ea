using System.Globalization;
using System.Text;
using Coracle.Kinds.Core.V1;

namespace Coracle.Sdk;

/// <summary>What is done with a running pod: logs, exec, attach, port-forward.</summary>
public static class PodClient
{
    private static readonly ApiResource Pods = ApiResource.Of<Pod>();

    /// <summary>The log as it comes; dispose the stream to end it. Throws <see cref="ApiException"/> when the server refuses.</summary>
    public static async ValueTask<Stream> ReadLogAsync(this Client client, Key pod, PodLogQuery? which = null, CancellationToken cancel = default)
    {
        which ??= new();
        var query = new QueryText().Add("container", which.Container).Add("follow", Flag(which.Follow)).Add("previous", Flag(which.Previous))
            .Add("timestamps", Flag(which.Timestamps)).Add("tailLines", Number(which.TailLines)).Add("limitBytes", Number(which.LimitBytes))
            .Add("sinceSeconds", Number(which.Since is { } since ? (long)Math.Ceiling(since.TotalSeconds) : null));
        var reply = await client.Transport.StreamAsync(client.Sign(new() { Method = "GET", Path = Pods.ObjectPath(pod, "log"), Query = query.ToString(), Accept = "*/*" }), cancel);
        return reply.Content ?? throw new ApiException(ApiStatus.From(reply));
    }

    /// <summary>Runs a command to its end. Throws <see cref="ApiException"/> when it could not be started.</summary>
    public static ValueTask<PodCommandResult> ExecAsync(this Client client, Key pod, PodCommand command, CancellationToken cancel = default) =>
        CommandAsync(client, pod, "exec", command, cancel);

    /// <summary>Takes part in what a container's own process reads and writes, until it ends or is cancelled.</summary>
    public static ValueTask<PodCommandResult> AttachAsync(this Client client, Key pod, PodCommand streams, CancellationToken cancel = default) =>
        CommandAsync(client, pod, "attach", streams, cancel);

    /// <summary>One connection to a port of the pod; dispose it to close it. Throws <see cref="ApiException"/> when the server refuses.</summary>
    public static async ValueTask<Stream> ConnectAsync(this Client client, Key pod, int port, CancellationToken cancel = default)
    {
        var call = new ApiCall { Method = "GET", Path = Pods.ObjectPath(pod, "portforward"), Query = $"ports={port.ToString(CultureInfo.InvariantCulture)}", Accept = "*/*" };
        var reply = await client.Transport.UpgradeAsync(client.Sign(call), ["v4.channel.k8s.io"], cancel);
        return reply.Socket is { } socket ? new PortStream(socket) : throw new ApiException(ApiStatus.From(reply));
    }

    private static async ValueTask<PodCommandResult> CommandAsync(Client client, Key pod, string subresource, PodCommand command, CancellationToken cancel)
    {
        var query = new StringBuilder(new QueryText().Add("container", command.Container).Add("stdin", Flag(command.Stdin is not null)).Add("stdout", Flag(command.Stdout is not null))
            .Add("stderr", Flag(command.Stderr is not null && !command.Tty)).Add("tty", Flag(command.Tty)).ToString());
        foreach (var argument in command.Arguments) query.Append(query.Length > 0 ? "&" : "").Append("command=").Append(Uri.EscapeDataString(argument));
        var call = new ApiCall { Method = "GET", Path = Pods.ObjectPath(pod, subresource), Query = query.ToString(), Accept = "*/*" };
        await using var reply = await client.Transport.UpgradeAsync(client.Sign(call), ["v5.channel.k8s.io", "v4.channel.k8s.io"], cancel);
        if (reply.Socket is not { } socket) throw new ApiException(ApiStatus.From(reply));
        return await new CommandChannels(socket, command).RunAsync(cancel);
    }

    private static string Flag(bool value) => value ? "true" : "";
    private static string Number(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
