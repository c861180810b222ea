using System.Globalization;
using Coracle.ApiServer;
using Coracle.ApiServer.Access;
using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent;
using Coracle.Node.Cri;
using Coracle.Node.Streaming;
using Coracle.Schema;
using Coracle.Sdk;
using ApiStatus = Coracle.ApiServer.ApiStatus;

namespace Coracle.Hosting;

/// <summary>The sub-resources of pods that reach a node: logs, exec, attach, port-forward.</summary>
/// <param name="nodes">The node of a name, when this process has it.</param>
internal sealed class PodStreams(Func<string, NodeApi?> nodes)
{
    private static readonly string[] Upgrade = ["create", "get"];

    public IEnumerable<KeyValuePair<string, Subresource>> All =>
    [
        new("pods/log", new(Pod.Info.GroupVersionKind, ["get"], Logs)),
        new("pods/exec", new(new GroupVersionKind("", "v1", "PodExecOptions"), Upgrade, ctx => Command(ctx, exec: true))),
        new("pods/attach", new(new GroupVersionKind("", "v1", "PodAttachOptions"), Upgrade, ctx => Command(ctx, exec: false))),
        new("pods/portforward", new(new GroupVersionKind("", "v1", "PodPortForwardOptions"), Upgrade, PortForward)),
    ];

    private sealed record Target(NodeApi Node, Key Key, Pod Pod, string Container);

    private Result<Target> Find(RequestContext ctx, bool needsContainer)
    {
        if (ctx.Resource.Cache.Get(ctx.Key) is not { } stored) return ApiStatus.NotFound(ctx.Kind, ctx.Info.Name);
        var pod = stored.Typed<Pod>();
        var container = ctx.Query("container") ?? "";
        if (needsContainer && ContainerProblem(pod, ref container) is { } problem) return ApiStatus.BadRequest(problem);
        if (pod.Spec.NodeName.Length == 0) return ApiStatus.BadRequest($"pod {pod.Metadata.Name} does not have a host assigned");
        if (nodes(pod.Spec.NodeName) is not { } node) return ApiStatus.Internal($"node \"{pod.Spec.NodeName}\" cannot be reached from here");
        return new Target(node, Key.Of(pod), pod, container);
    }

    private static bool IsUnassigned(RequestContext ctx)
    {
        var container = ctx.Query("container") ?? "";
        return ctx.Resource.Cache.Get(ctx.Key)?.Typed<Pod>() is { Spec.NodeName.Length: 0 } pod && ContainerProblem(pod, ref container) is null;
    }

    private static string? ContainerProblem(Pod pod, ref string container)
    {
        var main = (pod.Spec.Containers ?? []).Select(c => c.Name).ToList();
        var init = (pod.Spec.InitContainers ?? []).Select(c => c.Name).ToList();
        if (container.Length == 0)
        {
            if (main.Count == 1)
            {
                container = main[0];
                return null;
            }
            var inits = init.Count > 0 ? $" or one of the init containers: [{string.Join(' ', init)}]" : "";
            return $"a container name must be specified for pod {pod.Metadata.Name}, choose one of: [{string.Join(' ', main)}]{inits}";
        }
        var wanted = container;
        var known = main.Contains(wanted) || init.Contains(wanted) || (pod.Spec.EphemeralContainers ?? []).Exists(c => c.Name == wanted);
        return known ? null : $"container {container} is not valid for pod {pod.Metadata.Name}";
    }

    private async ValueTask<ApiResponse> Logs(RequestContext ctx)
    {
        if (ctx.Info.Verb != "get") return ApiResponse.Of(ApiStatus.MethodNotAllowed);
        var target = Find(ctx, needsContainer: true);
        // A pod that is nowhere yet has said nothing, and that is no failure.
        if (target.Failed) return IsUnassigned(ctx) ? ApiResponse.Text("") : ApiResponse.Of(target.Error);
        var options = new LogOptions
        {
            Follow = ctx.QueryTrue("follow"),
            Timestamps = ctx.QueryTrue("timestamps"),
            TailLines = Number(ctx, "tailLines"),
            LimitBytes = Number(ctx, "limitBytes"),
            Since = Number(ctx, "sinceSeconds") is { } seconds ? ctx.Server.Clock.GetUtcNow().AddSeconds(-seconds)
                : GoTime.TryParse(ctx.Query("sinceTime") ?? "", out var since) ? since : null,
        };
        try
        {
            var log = await target.Value.Node.Logs(target.Value.Key, target.Value.Container, ctx.QueryTrue("previous"), options, ctx.Cancel);
            return new ApiResponse { ContentType = "text/plain", Body = new StreamBody(log) };
        }
        catch (NodeApiException e)
        {
            return ApiResponse.Of(Refused(e));
        }
    }

    private static long? Number(RequestContext ctx, string name) => long.TryParse(ctx.Query(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static ApiStatus Refused(NodeApiException e) => e.Status switch
    {
        400 => ApiStatus.BadRequest(e.Message),
        404 => new ApiStatus(404, "NotFound", e.Message),
        _ => ApiStatus.Internal(e.Message),
    };

    private ValueTask<ApiResponse> Command(RequestContext ctx, bool exec)
    {
        var target = Find(ctx, needsContainer: true);
        if (target.Failed) return ValueTask.FromResult(ApiResponse.Of(target.Error));
        var command = QueryText.All(ctx.Request.Query, "command").ToList();
        if (exec && command.Count == 0) return ValueTask.FromResult(ApiResponse.Of(ApiStatus.BadRequest("you must specify at least one command for the container")));
        var tty = ctx.QueryTrue("tty");
        var streams = new RemoteCommandStreams { Stdin = ctx.QueryTrue("stdin"), Stdout = ctx.QueryTrue("stdout"), Stderr = ctx.QueryTrue("stderr"), Tty = tty };
        return ValueTask.FromResult(Offer(ctx, StreamingKind.RemoteCommand, async (connection, protocol, cancel) =>
        {
            await using var client = await RemoteCommandServer.Accept(connection, protocol, streams, ctx.Server.Clock, cancel);
            try
            {
                var (node, key, _, container) = target.Value;
                await using var runtime = exec
                    ? await node.Exec(key, container, command, streams.Stdin, streams.Stdout, streams.Stderr, tty, cancel)
                    : await node.Attach(key, container, streams.Stdin, streams.Stdout, streams.Stderr, tty, cancel);
                await RemoteCommandRelay.Run(client, runtime, cancel);
            }
            catch (Exception e) when (e is NodeApiException or GrpcException)
            {
                await client.Error!.WriteAsync(new CommandOutcome.Failed(e is GrpcException grpc ? grpc.RpcText : e.Message).ToStatusJson(), cancel);
                await client.Error.CompleteWrites(cancel);
            }
        }));
    }

    private ValueTask<ApiResponse> PortForward(RequestContext ctx)
    {
        var target = Find(ctx, needsContainer: false);
        if (target.Failed) return ValueTask.FromResult(ApiResponse.Of(target.Error));
        var ports = QueryText.All(ctx.Request.Query, "ports").Concat(QueryText.All(ctx.Request.Query, "port"))
            .SelectMany(p => p.Split(',')).Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0).Where(p => p > 0).ToList();
        return ValueTask.FromResult(Offer(ctx, StreamingKind.PortForward, async (connection, protocol, cancel) =>
        {
            await using var client = await PortForwardServer.Accept(connection, protocol, ports, ctx.Server.Clock);
            var (node, key, pod, _) = target.Value;
            await PortForwardRelay.Run(client, (port, stop) => node.PortForward(key, port, stop), pod.Metadata.Uid, cancel);
        }));
    }

    private static ApiResponse Offer(RequestContext ctx, StreamingKind kind, Func<Stream, StreamingProtocol, CancellationToken, Task> run)
    {
        switch (UpgradeOffer.Decide(kind, name => [.. ctx.Request.HeaderValues(name)]))
        {
            case UpgradeOffer.Accepted accepted:
                var response = new ApiResponse { Status = 101, Body = new UpgradeBody(async (stream, cancel) => await run(stream, accepted.Protocol, cancel)) };
                response.Headers.AddRange(accepted.Headers);
                return response;
            case UpgradeOffer.Refused refused:
                return ApiResponse.Text(refused.Text, refused.StatusCode);
            default:
                return ApiResponse.Of(ApiStatus.BadRequest("Upgrade request required"));
        }
    }
}
