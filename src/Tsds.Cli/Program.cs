Console.WriteLine("tsds");
