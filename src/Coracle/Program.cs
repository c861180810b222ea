using System.CommandLine;
using Coracle.Commands;

var root = new RootCommand("Coracle: a Kubernetes that fits in one small process.")
{
    UpCommand.Create(), DownCommand.Create(), StatusCommand.Create(), LoadCommand.Create(), DemoCommand.Create(),
    ApplyCommand.Create(), GetCommand.Create(), DeleteCommand.Create(), LogsCommand.Create(), ExecCommand.Create(), ControllersCommand.Create(), Coracle.Commands.Bench.BenchCommand.Create(),
};
var parsed = root.Parse(args);
// 0 done, 1 failed, 2 wrong usage.
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) Console.Error.WriteLine($"coracle: {error.Message}");
    Console.Error.WriteLine("See 'coracle --help'.");
    return 2;
}
return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
