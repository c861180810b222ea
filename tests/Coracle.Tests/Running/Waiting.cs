using Coracle.Kinds.Core.V1;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Tests.Running;

/// <summary>Waits for what a cluster is to become; how long is bounded by the test's own limit, and by nothing else.</summary>
internal static class Waiting
{
    public static async Task<T> Until<T>(Func<Task<T>> look, Func<T, bool> holds, Func<T, string> describe, CancellationToken cancel)
    {
        var last = default(T);
        try
        {
            while (true)
            {
                try
                {
                    last = await look();
                    if (holds(last)) return last;
                }
                catch (TransportException)
                {
                    // It may be down just now.
                }
                await Task.Delay(100, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"waited in vain; the last that was seen: {(last is null ? "nothing" : describe(last))}");
        }
    }

    public static Task<Pod> Pod(Client client, string name, Func<Pod, bool> holds, CancellationToken cancel) => Until(
        async () => await client.GetAsync<Pod>(new Key("default", name), cancel), holds, pod => ApiText(pod.Status), cancel);

    public static Task<IReadOnlyList<Pod>> Pods(Client client, string app, Func<IReadOnlyList<Pod>, bool> holds, CancellationToken cancel) => Until(
        async () => (await client.ListAsync<Pod>("default", new ListQuery { LabelSelector = $"app={app}" }, cancel)).Items, holds,
        pods => string.Join('\n', pods.Select(p => $"{p.Metadata.Name} {p.Status.Phase} {(IsReady(p) ? "ready" : "not ready")}")), cancel);

    public static bool IsReady(Pod pod) => pod.Status.Conditions?.Exists(c => c.Type == "Ready" && c.Status == "True") == true;

    private static string ApiText(PodStatus status) => System.Text.Encoding.UTF8.GetString(ApiJson.ToBytes(status));
}
