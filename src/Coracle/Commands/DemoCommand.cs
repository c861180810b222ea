using System.CommandLine;
using Coracle.Instance;

namespace Coracle.Commands;

/// <summary>coracle demo: from nothing to a request that a container answers, in one command.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var data = CommonOptions.DataDirectory();
        var port = new Option<int>("--api-port") { Description = "Port of the API on 127.0.0.1", DefaultValueFactory = _ => 6443 };
        var samples = new Option<string>("--samples") { Description = "Folder of the samples", DefaultValueFactory = _ => "samples" };
        var command = new Command("demo", "Start a cluster, run a small web service on it and request its page") { data, port, samples };
        command.SetAction(async (parsed, cancel) =>
            await Run(new UpOptions { DataDirectory = Path.GetFullPath(parsed.GetValue(data)!), ApiPort = parsed.GetValue(port) }, Path.GetFullPath(parsed.GetValue(samples)!), cancel));
        return command;
    }

    private static async Task<int> Run(UpOptions options, string samples, CancellationToken cancel)
    {
        var manifest = Path.Combine(samples, "web", "web.yaml");
        if (!File.Exists(manifest)) return CommonOptions.Fail($"{manifest} does not exist: run this from the checkout, or say --samples");
        if (await UpCommand.Detached(options, TimeSpan.FromSeconds(90), cancel) is > 0 and var failed) return failed;
        var archive = Path.Combine(options.DataDirectory, "sample-web.tar");
        await SampleImage.WriteAsync(archive, cancel);
        if (await LoadCommand.Run(options.DataDirectory, [archive], cancel) is > 0 and var notLoaded) return notLoaded;
        await using var connection = Connection.Open(Path.Combine(options.DataDirectory, "kubeconfig"));
        try
        {
            return await new Demo(connection.Client, Console.Out).RunAsync(await File.ReadAllTextAsync(manifest, cancel), cancel);
        }
        catch (DemoException e)
        {
            return CommonOptions.Fail(e.Message);
        }
    }
}
