using System.CommandLine;
using Coracle.Instance;
using Coracle.Node.Containerd;

namespace Coracle.Commands;

/// <summary>coracle load: images from archives into the node's store; no registry is needed.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var data = CommonOptions.DataDirectory();
        var images = new Argument<string[]>("image.tar") { Description = "OCI or docker archives", Arity = ArgumentArity.OneOrMore };
        var command = new Command("load", "Load images into the node") { data, images };
        command.SetAction(async (parsed, cancel) => await Run(Path.GetFullPath(parsed.GetValue(data)!), parsed.GetValue(images)!, cancel));
        return command;
    }

    public static async Task<int> Run(string dataDirectory, IReadOnlyList<string> archives, CancellationToken cancel)
    {
        if (InstanceRecord.Read(dataDirectory) is not { IsRunning: true, Nodes: "containerd" }) return CommonOptions.Fail("no cluster with a containerd node runs there");
        foreach (var archive in archives)
        {
            if (!File.Exists(archive)) return CommonOptions.Fail($"{archive} does not exist");
            try
            {
                foreach (var name in await ContainerdInstance.Load(dataDirectory, archive, TimeProvider.System, cancel)) Console.WriteLine($"loaded {name}");
            }
            catch (Exception e) when (e is IOException or InvalidDataException or Node.Cri.GrpcException)
            {
                return CommonOptions.Fail($"{archive}: {e.Message}");
            }
        }
        return 0;
    }
}
