using System.CommandLine;
using System.Text.Json.Nodes;
using Coracle.Instance;
using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Commands;

/// <summary>coracle status: what runs.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var data = CommonOptions.DataDirectory();
        var output = new Option<string>("--output", "-o") { Description = "json", DefaultValueFactory = _ => "" };
        var command = new Command("status", "Show whether a cluster runs and what is on it") { data, output };
        command.SetAction(async (parsed, cancel) => await Run(Path.GetFullPath(parsed.GetValue(data)!), parsed.GetValue(output) == "json", cancel));
        return command;
    }

    private static async Task<int> Run(string dataDirectory, bool json, CancellationToken cancel)
    {
        var record = InstanceRecord.Read(dataDirectory);
        var status = new JsonObject { ["dataDir"] = dataDirectory, ["running"] = record is { IsRunning: true } };
        if (record is { IsRunning: true })
        {
            status["pid"] = record.Pid;
            status["server"] = $"https://127.0.0.1:{record.ApiPort}";
            status["kubeconfig"] = Path.Combine(dataDirectory, "kubeconfig");
            status["memoryBytes"] = System.Diagnostics.Process.GetProcessById(record.Pid).WorkingSet64;
            await Count(status, Path.Combine(dataDirectory, "kubeconfig"), cancel);
        }
        if (json) Console.WriteLine(status.ToJsonString());
        else foreach (var (name, value) in status) Console.WriteLine($"{name + ":",-12} {value}");
        return record is { IsRunning: true } ? 0 : 1;
    }

    private static async Task Count(JsonObject status, string kubeconfig, CancellationToken cancel)
    {
        try
        {
            await using var connection = Connection.Open(kubeconfig);
            var nodes = await connection.Client.ListAsync<Kinds.Core.V1.Node>(null, null, cancel);
            var pods = await connection.Client.ListAsync<Pod>(null, null, cancel);
            status["nodes"] = nodes.Items.Count;
            status["pods"] = pods.Items.Count;
            status["podsReady"] = pods.Items.Count(p => p.Status.Conditions?.Exists(c => c.Type == "Ready" && c.Status == "True") == true);
        }
        catch (Exception e) when (e is TransportException or ApiException)
        {
            status["problem"] = e.Message;
        }
    }
}
